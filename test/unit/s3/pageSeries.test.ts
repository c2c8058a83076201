/** Directory buckets are in AWS alone: only here an answer is made up. */
import { Readable } from 'node:stream';
import { PageSeries } from '../../../s3/PageSeries';
import { S3Client, sendCommand } from '../../../s3/sdk';
import { leaveListingsUnread } from '../../../s3/unreadListings';

interface Sent {
	path: string;
	query: Record<string, string>;
	headers: Record<string, string>;
}

const SESSION = `<CreateSessionResult><Credentials><AccessKeyId>LENT</AccessKeyId>
	<SecretAccessKey>lent/secret</SecretAccessKey><SessionToken>lent/token</SessionToken>
	<Expiration>2100-01-01T00:00:00Z</Expiration></Credentials></CreateSessionResult>`;

it('all pages of a directory bucket are signed with the keys of its session', async () => {
	const sent: Sent[] = [];
	const handle = (request: Sent) => {
		sent.push(request);
		const body = Readable.from([
			Buffer.from('session' in request.query ? SESSION : '<ListBucketResult/>'),
		]);
		return Promise.resolve({ response: { statusCode: 200, headers: {}, body } });
	};
	const client = new S3Client({
		region: 'us-east-1',
		credentials: { accessKeyId: 'OWN', secretAccessKey: 'own/secret' },
		requestHandler: { handle } as never,
	});
	leaveListingsUnread(client);
	const series = new PageSeries();
	for (let i = 0; i < 3; i++) {
		const input = { Bucket: 'fast--use1-az4--x-s3', MaxKeys: 1000 };
		const call = { signal: undefined, series };
		const { listing } = await sendCommand(client, 'ListObjectsV2', input, call);
		expect(listing.bytes().toString()).toBe('<ListBucketResult/>');
		listing.giveBack();
	}
	const pages = sent.filter(({ query }) => !('session' in query));
	const keys = pages.map(
		({ headers }) => /Credential=(\w+)/.exec(headers.authorization ?? '')?.[1],
	);
	expect(keys).toEqual(['LENT', 'LENT', 'LENT']);
	expect(sent).toHaveLength(4);
});
