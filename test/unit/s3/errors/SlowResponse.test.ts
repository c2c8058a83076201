import { SlowResponse } from '../../../../s3/errors/SlowResponse';

it('a response that is too slow is described by how long it may take', () => {
	expect(new SlowResponse(300_000).message).toBe('not complete after 300 s');
});
