"""The messages and stubs of Pawl's gRPC services, generated: for what the SDK has no call for."""
