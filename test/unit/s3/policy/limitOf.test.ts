import type { Connection } from '../../../../s3/Connection';
import { limitOf } from '../../../../s3/policy/limitOf';

const free = { bucketOnly: false, bucket: 'b', readOnly: false, privacyLevel: 'none' } as const;

it.each<[Partial<Connection>, string | undefined]>([
	[{}, undefined],
	[{ privacyLevel: 'public' }, undefined],
	[{ bucketOnly: true, readOnly: true }, 'This credential is only for bucket “b”'],
	[{ privacyLevel: 'organizational' }, 'The Privacy Level of this credential is organizational'],
	[{ privacyLevel: 'private', readOnly: true }, 'The Privacy Level of this credential is private'],
	[{ readOnly: true }, 'This credential is only for reading'],
])('the limit of a connection with %j is %j', (settings, limit) => {
	expect(limitOf({ ...free, ...settings })).toBe(limit);
});
