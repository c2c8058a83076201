import { openQueue } from '../../../../s3/queue/openQueue';
import { connectionTo } from '../../../servers/connectionTo';

const server = {
	endpoint: 'http://s3.invalid',
	region: 'eu-north-1',
	users: { main: { accessKeyId: 'AKID', secretAccessKey: 'secret' } },
};
const queue = 'https://sqs.eu-north-1.amazonaws.com/123456789012/uploads';

it('equal connections share an open queue, and its sockets', async () => {
	const one = await openQueue(connectionTo(server), { queue });
	expect(await openQueue(connectionTo(server), { queue })).toBe(one);
	const settings = { ignoreSslIssues: true };
	expect(await openQueue(connectionTo(server, settings), { queue })).not.toBe(one);
	expect(await openQueue(connectionTo(server), { queue: `${queue}2` })).not.toBe(one);
	expect(one).toMatchObject({ url: queue, name: 'uploads' });
});

it('what is no queue is refused before anything is opened', async () => {
	await expect(openQueue(connectionTo(server), { queue: 'uploads' })).rejects.toMatchObject({
		kind: 'invalid',
	});
});
