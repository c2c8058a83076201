import * as crypto from 'node:crypto';
import { hasMd5, requiredChecksum } from '../../../../s3/checksums/md5';
import { startChecksum } from '../../../../s3/checksums/stored';

jest.mock('node:crypto', () => ({
	__esModule: true,
	...jest.requireActual<object>('node:crypto'),
}));

it('the checksum that a request must have is MD5', () => {
	expect(hasMd5()).toBe(true);
	expect(requiredChecksum()).toBe('MD5');
	const sum = startChecksum('MD5')?.();
	sum?.update(Buffer.from('abc'));
	expect(sum?.digest().toString('hex')).toBe('900150983cd24fb0d6963f7d28e17f72');
});

it('a Node that refuses MD5 does without it', () => {
	const { createHash } = crypto;
	jest.spyOn(crypto, 'createHash').mockImplementation((algorithm) => {
		if (/md5/i.test(algorithm)) throw new Error('error:0308010C:digital envelope routines');
		return createHash(algorithm);
	});
	expect(hasMd5()).toBe(false);
	expect(requiredChecksum()).toBe('CRC32');
	expect(startChecksum('MD5')).toBeUndefined();
	expect(startChecksum('SHA256')).toBeDefined();
});
