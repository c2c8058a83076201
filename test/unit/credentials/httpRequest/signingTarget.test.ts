import { signingTarget } from '../../../../credentials/httpRequest/signingTarget';

it.each([
	['s3.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
	['bucket.s3.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
	['my.dotted.bucket.s3.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
	['bucket.s3.dualstack.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
	['bucket.s3-eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
	['s3-fips.us-gov-west-1.amazonaws.com', 's3', 'us-gov-west-1'],
	['bucket.s3.amazonaws.com', 's3', 'eu-central-1'],
	['us-west-2.s3.amazonaws.com', 's3', 'eu-central-1'],
	['bucket.s3-accelerate.amazonaws.com', 's3', 'eu-central-1'],
	['ap-1111.s3-accesspoint.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
	['111122223333.s3-control.eu-west-1.amazonaws.com', 's3', 'eu-west-1'],
	['bucket.vpce-0a1b.s3.us-east-1.vpce.amazonaws.com', 's3', 'us-east-1'],
	['s3.cn-north-1.amazonaws.com.cn', 's3', 'cn-north-1'],
	['s3.eusc-de-east-1.amazonaws.eu', 's3', 'eusc-de-east-1'],
	['sts.amazonaws.com', 'sts', 'us-east-1'],
	['sts.eu-west-1.amazonaws.com', 'sts', 'eu-west-1'],
	['iam.amazonaws.com', 'iam', 'us-east-1'],
	['sqs.eu-west-1.amazonaws.com', 'sqs', 'eu-west-1'],
	['eu-west-1.queue.amazonaws.com', 'sqs', 'eu-west-1'],
	['email.eu-west-1.amazonaws.com', 'ses', 'eu-west-1'],
	['abc123.execute-api.eu-west-1.amazonaws.com', 'execute-api', 'eu-west-1'],
	['abc123.lambda-url.eu-west-1.on.aws', 'lambda', 'eu-west-1'],
	['search-logs-abc.eu-west-1.es.amazonaws.com', 'es', 'eu-west-1'],
	['runtime.sagemaker.eu-west-1.amazonaws.com', 'sagemaker', 'eu-west-1'],
	['bedrock-runtime.us-east-1.amazonaws.com', 'bedrock', 'us-east-1'],
	['dynamodb-fips.us-east-1.amazonaws.com', 'dynamodb', 'us-east-1'],
	['minio.example.com', 's3', 'eu-central-1'],
	['127.0.0.1', 's3', 'eu-central-1'],
])('a request to %s is signed for %s in %s', (host, service, region) => {
	expect(signingTarget(host, { region: 'eu-central-1' })).toEqual({ service, region });
});
