import { plausibleClock } from '../../../../s3/client/plausibleClock';
import { S3Client } from '../../../../s3/sdk';

const offsetTo = (date: string): number => Date.parse(date) - Date.now();

it.each(['+275760-09-12T00:00:00Z', '2200-01-01T00:00:00Z', '1999-12-31T00:00:00Z'])(
	'a client does not correct its clock by a response of %s',
	(date) => {
		const client = new S3Client({ region: 'us-east-1' });
		plausibleClock(client);
		client.config.systemClockOffset = 5000;
		client.config.systemClockOffset = offsetTo(date);
		expect(client.config.systemClockOffset).toBe(5000);
	},
);

it('a client corrects a clock that is off by decades', () => {
	const client = new S3Client({ region: 'us-east-1' });
	plausibleClock(client);
	const offset = offsetTo('2070-01-01T00:00:00Z');
	client.config.systemClockOffset = offset;
	expect(client.config.systemClockOffset).toBe(offset);
});
