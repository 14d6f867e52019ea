"""The version of this SDK."""

SDK_NAME = "pawl-sdk"
SDK_VERSION = "0.1.0"
