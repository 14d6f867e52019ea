package dev.pawl;

/** What the SDK says about itself. */
final class Sdk {
  static final String NAME = "dev.pawl:pawl-sdk";
  static final String VERSION = "0.1.0";

  private Sdk() {}
}
