import { LongResponse } from '../../../../s3/errors/LongResponse';

it('a response that is too long is described by how long it may be', () => {
	const { message, limit } = new LongResponse(16 * 1024 * 1024);
	expect(message).toBe('longer than any of S3 (more than 16 MiB)');
	expect(limit).toBe(16 * 1024 * 1024);
});
