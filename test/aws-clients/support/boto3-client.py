"""boto3 for the tests: reads calls as JSON lines, answers each with one JSON line."""

import datetime
import json
import sys

import boto3
import botocore.auth
import botocore.config
import botocore.exceptions
from botocore import xform_name

options = json.loads(sys.argv[1])

skew = datetime.timedelta(seconds=options.get("clockSkewSeconds", 0))
if skew:
    now = botocore.auth.get_current_datetime
    botocore.auth.get_current_datetime = lambda *args: now(*args) + skew

client = boto3.client(
    "stepfunctions",
    endpoint_url=options["endpoint"],
    region_name="us-east-1",
    aws_access_key_id=options.get("accessKeyId", "any"),
    aws_secret_access_key=options.get("secretAccessKey", "any"),
    aws_session_token=options.get("sessionToken"),
    config=botocore.config.Config(inject_host_prefix=False),
)


def tamper(request, **_):
    request.body += b" "
    request.headers["Content-Length"] = str(len(request.body))


if options.get("isTampering"):
    client.meta.events.register("before-send.sfn", tamper)


def call(operation, given, items=None, pageSize=None):
    if items is None:
        answer = getattr(client, xform_name(operation))(**given)
        answer.pop("ResponseMetadata")
        return answer
    paginator = client.get_paginator(xform_name(operation))
    pages = paginator.paginate(**given, PaginationConfig={"PageSize": pageSize})
    return [item for page in pages for item in page[items]]


for line in sys.stdin:
    try:
        answer = {"answer": call(**json.loads(line))}
    except botocore.exceptions.ClientError as error:
        typed = type(error) is not botocore.exceptions.ClientError
        code, message = error.response["Error"]["Code"], error.response["Error"]["Message"]
        answer = {"refusal": [type(error).__name__ if typed else code, message]}
    except Exception as error:
        answer = {"failure": repr(error)}
    print(json.dumps(answer, default=str), flush=True)
