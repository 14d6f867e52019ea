/**
 * The services that AWS integrates itself, and their actions. An action that such a service does not
 * have is a mistake. Services that AWS does not know are Pawl's own: workers serve them by name.
 */
const actions: ReadonlyMap<string, readonly string[]> = new Map(
  Object.entries({
    apigateway: ["invoke"],
    athena: ["startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults"],
    batch: ["submitJob"],
    bedrock: ["invokeModel", "createModelCustomizationJob"],
    codebuild: [
      "startBuild",
      "stopBuild",
      "batchDeleteBuilds",
      "batchGetReports",
      "startBuildBatch",
      "stopBuildBatch",
      "retryBuild",
      "retryBuildBatch",
      "deleteBuildBatch",
    ],
    databrew: ["startJobRun"],
    dynamodb: ["getItem", "putItem", "deleteItem", "updateItem"],
    ecs: ["runTask"],
    eks: [
      "createCluster",
      "deleteCluster",
      "createNodegroup",
      "deleteNodegroup",
      "createFargateProfile",
      "deleteFargateProfile",
      "call",
      "runJob",
    ],
    elasticmapreduce: [
      "createCluster",
      "setClusterTerminationProtection",
      "terminateCluster",
      "addStep",
      "cancelStep",
      "modifyInstanceFleetByName",
      "modifyInstanceGroupByName",
    ],
    "emr-containers": ["createVirtualCluster", "deleteVirtualCluster", "startJobRun"],
    "emr-serverless": [
      "createApplication",
      "startApplication",
      "stopApplication",
      "deleteApplication",
      "startJobRun",
      "cancelJobRun",
    ],
    events: ["putEvents"],
    glue: ["startJobRun"],
    http: ["invoke"],
    lambda: ["invoke"],
    mediaconvert: ["createJob"],
    sagemaker: [
      "createEndpoint",
      "createEndpointConfig",
      "createHyperParameterTuningJob",
      "createLabelingJob",
      "createModel",
      "createProcessingJob",
      "createTrainingJob",
      "createTransformJob",
      "updateEndpoint",
    ],
    sns: ["publish"],
    sqs: ["sendMessage"],
    states: ["startExecution"],
  }),
);

/** @param resource the action, with or without its pattern. */
export function isKnownIntegration(resourceType: string, resource: string): boolean {
  const [action = ""] = resource.split(".");
  return actions.get(resourceType)?.includes(action) ?? true;
}

/** Whether AWS integrates the service, itself or through its SDK. */
export function isAwsService(resourceType: string): boolean {
  return actions.has(resourceType) || resourceType.startsWith("aws-sdk:");
}
