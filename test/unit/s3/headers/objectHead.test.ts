import { objectHead } from '../../../../s3/headers/objectHead';
import type { GetObjectCommandOutput } from '../../../../s3/sdk';

const headOf = (response: Partial<GetObjectCommandOutput>) =>
	objectHead({ bucket: 'b', key: 'k' }, { $metadata: {}, ...response });

it('objectHead names the object and is otherwise undefined if the response says nothing', () => {
	const { bucket, key, metadata, ...others } = headOf({});
	expect({ bucket, key, metadata }).toEqual({ bucket: 'b', key: 'k', metadata: {} });
	expect(Object.values(others).filter((value) => value !== undefined)).toEqual([]);
});

it('objectHead gives dates in ISO 8601 and ETags without quotes', () => {
	const date = new Date('2026-01-02T03:04:05Z');
	expect(
		headOf({ ETag: '"abc"', LastModified: date, ObjectLockRetainUntilDate: date }),
	).toMatchObject({
		etag: 'abc',
		lastModified: '2026-01-02T03:04:05.000Z',
		objectLockRetainUntil: '2026-01-02T03:04:05.000Z',
	});
});

it('objectHead gives Expires as it is stored, which need not be a date', () => {
	expect(headOf({ ExpiresString: 'tomorrow' }).expires).toBe('tomorrow');
});

it('objectHead decodes the metadata', () => {
	expect(headOf({ Metadata: { name: '=?UTF-8?B?w6Q=?=' } }).metadata).toEqual({ name: 'ä' });
});

it('objectHead says how an object is encrypted, under a customer’s own key too', () => {
	expect(headOf({ ServerSideEncryption: 'aws:kms' }).encryption).toBe('aws:kms');
	expect(headOf({ SSECustomerAlgorithm: 'AES256' }).encryption).toBe('AES256');
});

it('objectHead tells a legal hold that is off from none', () => {
	expect(headOf({ ObjectLockLegalHoldStatus: 'ON' }).objectLockLegalHold).toBe(true);
	expect(headOf({ ObjectLockLegalHoldStatus: 'OFF' }).objectLockLegalHold).toBe(false);
	expect(headOf({}).objectLockLegalHold).toBeUndefined();
});

it('objectHead has the checksum that the response names', () => {
	expect(headOf({ ChecksumCRC32: 'AAAAAA==', ChecksumType: 'FULL_OBJECT' }).checksum).toEqual({
		algorithm: 'CRC32',
		value: 'AAAAAA==',
		type: 'FULL_OBJECT',
	});
});
