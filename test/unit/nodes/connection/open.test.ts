import { openConnection } from '../../../../nodes/connection/open';
import type { OpenS3 } from '../../../../s3/client/S3';
import { rejectionOf } from '../../failureOf';
import { sourceOf } from '../parameters/sourceOf';

const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: 'secret' };
const basic = { endpoint: 'https://minio.test', username: 'u', password: 'p' };

const parameters = sourceOf({ authentication: 'accessKeys', targetAuthentication: 'basicAuth' });

describe('openConnection', () => {
	it('openConnection reads the credential of the authentication that is chosen for the slot', async () => {
		const fields = jest.fn((type: string) =>
			Promise.resolve(type.includes('Basic') ? basic : keys),
		);
		const source = await openConnection({ parameters, fields }, 'source');
		const target = await openConnection({ parameters, fields }, 'target');
		expect(fields.mock.calls).toEqual([['amazonS3AccessKeysApi'], ['amazonS3TargetBasicAuthApi']]);
		expect(source.connection.endpoint).toBeUndefined();
		expect(target.connection.endpoint).toBe('https://minio.test');
	});

	it('openConnection shares a connection for a run if its credential is the same for all items', async () => {
		const fields = jest.fn(() => Promise.resolve({ ...keys, sameForAllItems: true }));
		const shared = new Map<string, OpenS3>();
		const first = await openConnection({ parameters, fields, shared }, 'source');
		const second = await openConnection({ parameters, fields, shared }, 'source');
		expect(second).toBe(first);
		expect(fields).toHaveBeenCalledTimes(1);
	});

	it('openConnection never shares a connection with another slot', async () => {
		const fields = jest.fn((type: string) =>
			Promise.resolve({ ...(type.includes('Basic') ? basic : keys), sameForAllItems: true }),
		);
		const shared = new Map<string, OpenS3>();
		const source = await openConnection({ parameters, fields, shared }, 'source');
		const target = await openConnection({ parameters, fields, shared }, 'target');
		expect(target).not.toBe(source);
	});

	it('openConnection reads a credential again if expressions in it may differ from item to item', async () => {
		const fields = jest.fn(() => Promise.resolve(keys));
		const shared = new Map<string, OpenS3>();
		await openConnection({ parameters, fields, shared }, 'source');
		await openConnection({ parameters, fields, shared }, 'source');
		expect(fields).toHaveBeenCalledTimes(2);
	});

	it('openConnection says which field of the credential cannot be used', async () => {
		const fields = async () => await Promise.resolve({ ...keys, secretAccessKey: '' });
		const failure = await rejectionOf(openConnection({ parameters, fields }, 'source'));
		expect(failure.message).toBe('The credential has no Secret Access Key');
	});
});
