package pawl

// Version of this SDK.
const Version = "0.1.0"

const sdkName = "github.com/pawl-dev/pawl/sdk/go"
