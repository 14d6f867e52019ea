/** Version of this package; the server shows it beside each worker. */
export const sdkVersion = "0.1.0";
