import { customerKeyHeaders } from '../../../../s3/headers/customerKey';
import { failureOf } from '../../failureOf';

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
