"""The version of this SDK."""

SDK_NAME = "pawl-sdk"
__version__ = "0.1.0"
