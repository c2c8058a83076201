import { keptEncryption } from '../../../../s3/objects/keptEncryption';

it.each([
	[{ encryption: 'AES256' }, undefined, { kind: 's3' }],
	[{ encryption: 'aws:kms', kmsKeyId: 'id' }, undefined, { kind: 'kms', keyId: 'id' }],
	[
		{ encryption: 'aws:kms', kmsKeyId: 'id', bucketKey: true },
		undefined,
		{ kind: 'kms', keyId: 'id', bucketKey: true },
	],
	[{ encryption: 'aws:kms:dsse', kmsKeyId: 'id' }, undefined, { kind: 'kmsDsse', keyId: 'id' }],
	[{ encryption: 'aws:kms', kmsKeyId: 'id' }, 'own', { kind: 'customer', key: 'own' }],
	[{}, undefined, undefined],
	[{ encryption: 'other' }, undefined, undefined],
])('an object with %j that is written under the key %s keeps its encryption', (head, key, kept) => {
	const unknown = { encryption: undefined, kmsKeyId: undefined, bucketKey: undefined };
	expect(keptEncryption({ ...unknown, ...head }, key)).toEqual(kept);
});
