/** What the API door allows; every limit that a caller can meet is named here. */

/** A received message after decompression. Payloads are capped far below by the engine. */
export const receiveMessageBytesMax = 4 * 1024 * 1024;
export const sendMessageBytesMax = 16 * 1024 * 1024;

/**
 * HTTP/2 streams of one connection. A client above this is queued silently by HTTP/2, so it lies above
 * {@link watchesPerConnectionMax}, which refuses with a reason.
 */
export const concurrentStreamsMax = 10_000;
/**
 * Streams that one connection may reset (cancelled calls and watches) at once, and a second; above it the
 * connection is closed. Node's own are 1,000 and 33: a backend that gives up a thousand watches loses all
 * else that runs on its connection.
 */
export const streamResetBurst = 10_000;
export const streamResetRate = 1_000;
export const watchesPerConnectionMax = 5_000;
export const watchesMax = 20_000;

export const connectionsMax = 10_000;
/** A connection that has sent too little to be told apart by then is closed. */
export const firstByteTimeoutMs = 10_000;
export const headerBytesMax = 16 * 1024;
export const httpHeadersTimeoutMs = 10_000;
export const httpRequestTimeoutMs = 120_000;
export const httpKeepAliveTimeoutMs = 65_000;

export const keepaliveTimeMs = 20_000;
export const keepaliveTimeoutMs = 10_000;
export const flowControlWindowBytes = 256 * 1024;

export const pageSizeDefault = 50;
export const pageSizeMax = 1_000;
export const pageTokenCharactersMax = 4_096;
/** Where CountExecutions stops counting one by one. */
export const countLimitDefault = 50_000;
/** The same where each needs a look at another table: executions by their links, links by their source's status. */
export const joinedCountLimitDefault = 10_000;
export const countLimitMax = 1_000_000;
export const groupKeysMax = 4;
export const filterCharactersMax = 4_096;

/** Of a redrive's `request_id`, as of AWS's clientToken; and of a state's name, as AWS has it. */
export const redriveRequestIdCharactersMax = 64;
export const stateNameCharactersMax = 80;

/** Of who pauses or resumes an execution, and of why. */
export const auditCharactersMax = 1_024;

/** Silence on a watch after which a keepalive is sent. */
export const watchKeepaliveMs = 15_000;
/** Least time between two looks of a watch of a batch. */
export const batchIntervalMsMin = 100;
/** Items that CreateBatch takes itself. */
export const inlineItemsMax = 1_000;
/** Least time between two snapshots of a `snapshots_only` watch. */
export const snapshotIntervalMs = 500;
/** PAYLOAD_VIEW_TRUNCATED keeps this many characters. */
export const truncatedPayloadCharacters = 4_096;
/** How long RunExecution waits when the call has no deadline. */
export const runWaitMsMax = 3_600_000;

/** Starts of one StartExecutions stream that are not answered yet; above it the stream is not read. */
export const startsInFlightMax = 1_024;
/** Executions one StartExecutions stream follows; above it the stream is not read. */
export const startsFollowedMax = 10_000;

export const pingIntervalMs = 10_000;
/** A worker's stream without any message for so long is dead. */
export const sessionTimeoutMs = 30_000;
export const helloTimeoutMs = 10_000;
export const batchTasksMax = 100;
/** Target size of one frame to a worker; a single larger task still goes out alone. */
export const frameBytesMax = 1024 * 1024;
/** What may wait for a worker that does not read; above it the stream ends with RESOURCE_EXHAUSTED. */
export const workQueueBytesMax = 16 * 1024 * 1024;
export const inlineInputBytesDefault = 64 * 1024;
export const poolsMax = 100;
export const resourcesMax = 1_000;
export const resourceCharactersMax = 2_048;
export const labelsMax = 64;
export const slotsMax = 1_000_000;
export const pollTasksMax = 1_000;
export const pollWaitMsMax = 60_000;
export const tokensPerMessageMax = 10_000;

/** How long a refused stream may take to read its status before it is reset. */
export const refusedStreamGraceMs = 5_000;
