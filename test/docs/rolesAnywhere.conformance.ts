/** The commands of docs/roles-anywhere.md make what IAM Roles Anywhere takes. */
import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AmazonS3 } from '../../nodes/AmazonS3/AmazonS3.node';
import {
	accountTrusting,
	PROFILE_ARN,
	ROLE_ARN,
	TRUST_ANCHOR_ARN,
} from '../servers/rolesAnywhere/account';
import { startRolesAnywhere, type RolesAnywhereServer } from '../servers/rolesAnywhere/server';
import { withServer } from '../servers/withServer';
import { blockWith, readDoc, rowsUnder } from './page';

const page = readDoc('roles-anywhere.md');
const keyCommands: Record<string, string> = {
	EC: 'ec_paramgen_curve:P-256 -out n8n.key',
	RSA: 'rsa_keygen_bits',
};

let folder: string;
const bucket = 'bucket';
const s3 = withServer({ buckets: [bucket] });
let service: RolesAnywhereServer;

beforeAll(async () => {
	folder = await mkdtemp(join(tmpdir(), 'authority-'));
	type('ca.cnf');
	service = await startRolesAnywhere({
		account: accountTrusting({ pem: await read('ca.pem') }),
		onSession: ({ roleArn, ...keys }) => {
			s3.addUser({ name: roleArn, ...keys });
		},
	});
});
afterAll(async () => {
	await service.stop();
	await rm(folder, { recursive: true });
});

/** Runs the block of commands with these words as it stands on the page. */
function type(words: string): string {
	return execFileSync('bash', ['-e', '-c', blockWith(page, 'sh', words)], {
		cwd: folder,
		encoding: 'utf8',
		stdio: ['ignore', 'pipe', 'pipe'],
	});
}

const read = async (name: string) => await readFile(join(folder, name), 'utf8');

async function save(fields: object) {
	const { amazonS3ConnectionTest } = new AmazonS3().methods.credentialTest;
	const data = {
		trustAnchorArn: TRUST_ANCHOR_ARN,
		profileArn: PROFILE_ARN,
		roleArn: ROLE_ARN,
		rolesAnywhereRegion: 'eu-central-1',
		rolesAnywhereEndpoint: service.endpoint,
		durationSeconds: 3600,
		endpoint: s3.endpoint,
		bucket,
		...fields,
	};
	const saved = { id: '1', name: 'x', type: 'amazonS3RolesAnywhereApi', data };
	return await amazonS3ConnectionTest.call(undefined as never, saved);
}

describe.each(['EC', 'RSA'])(
	'an %s key and its certificate, made by the commands of the page',
	(kind) => {
		it('a certificate made by the commands of the page gets a session, with which the bucket is listed', async () => {
			type(keyCommands[kind] ?? '');
			expect(type('n8n.cnf')).toContain('n8n.pem: OK');
			const publicCertificate = await read('n8n.pem');
			const before = service.lent.length;
			const result = await save({ publicCertificate, privateKey: await read('n8n.key') });
			expect(result).toMatchObject({ status: 'OK' });
			expect(service.lent).toHaveLength(before + 1);
		});

		it('a key made by the commands of the page works with a passphrase', async () => {
			type('passphrase.txt');
			const before = service.lent.length;
			const result = await save({
				publicCertificate: await read('n8n.pem'),
				privateKey: await read('n8n-encrypted.key'),
				privateKeyPassphrase: (await read('passphrase.txt')).trim(),
			});
			expect(result).toMatchObject({ status: 'OK' });
			expect(service.lent).toHaveLength(before + 1);
		});
	},
);

describe('a certificate of another authority, made in the same way', () => {
	it('a certificate of another authority is refused with the words of the table', async () => {
		const trusted = await read('ca.pem');
		type('ca.cnf');
		type('n8n.cnf');
		expect(await read('ca.pem')).not.toBe(trusted);
		const publicCertificate = await read('n8n.pem');
		const { message } = await save({ publicCertificate, privateKey: await read('n8n.key') });
		const [words, , advice] =
			rowsUnder(page, 'The service says').find(([said]) => said?.includes('signing')) ?? [];
		expect(message).toContain(`${words ?? 'no row'}. ${advice ?? ''}`);
	});
});
