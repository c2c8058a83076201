import * as crypto from 'node:crypto';
import { customerKeyHeaders } from '../../../../s3/headers/customerKey';
import { failureOf } from '../../failureOf';

jest.mock('node:crypto', () => ({
	__esModule: true,
	...jest.requireActual<object>('node:crypto'),
}));

const key = Buffer.alloc(32, 0xfb).toString('base64');

it('customerKeyHeaders name the algorithm and the key', () => {
	expect(customerKeyHeaders(key)).toEqual({ SSECustomerAlgorithm: 'AES256', SSECustomerKey: key });
});

it('customerKeyHeaders are none without a key', () => {
	expect(customerKeyHeaders(undefined)).toEqual({});
});

it.each([
	['of 31 bytes', Buffer.alloc(31, 7).toString('base64')],
	['of 33 bytes', Buffer.alloc(33, 7).toString('base64')],
	['in hexadecimal', Buffer.alloc(32, 7).toString('hex')],
	['in the base64 of URLs', Buffer.alloc(32, 0xfb).toString('base64url')],
	['with a line break', `${key}\n`],
	['that is empty', ''],
])('customerKeyHeaders refuse a key %s and do not repeat it', (_, wrong) => {
	const { kind, message, advice } = failureOf(() => customerKeyHeaders(wrong));
	expect(kind).toBe('invalid');
	expect(message).toContain('not the base64 of 32 bytes');
	if (wrong !== '') expect(`${message} ${advice}`).not.toContain(wrong);
});

it('customerKeyHeaders say why there are none on a Node that refuses MD5', () => {
	const refused = jest.spyOn(crypto, 'createHash').mockImplementation(() => {
		throw new Error('error:0308010C:digital envelope routines');
	});
	expect(failureOf(() => customerKeyHeaders(key)).message).toContain('needs MD5, which this Node');
	refused.mockRestore();
});
