import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { RolesAnywhereIdentity } from '../../../../../s3/Connection';
import { issue } from '../../../../servers/rolesAnywhere/authority';
import type { Issued } from '../../../../servers/rolesAnywhere/authority';
import { openLab } from './lab';
import type { Lab } from './lab';

let lab: Lab;
beforeEach(async () => {
	lab = await openLab();
});
afterEach(() => lab.close());

const pasted = ({ pem, keyPem }: Issued): Partial<RolesAnywhereIdentity> => ({
	certificate: pem,
	privateKey: keyPem,
});

it('the session has the keys and the expiration of the service', async () => {
	const session = await lab.session();
	const [lent] = lab.service.lent;
	expect(session).toEqual({
		accessKeyId: lent?.accessKeyId,
		secretAccessKey: lent?.secretAccessKey,
		sessionToken: lent?.sessionToken,
		expiration: lent?.expires,
	});
	expect(lab.service.handled).toMatchObject([{ status: 201, request: { durationSeconds: 3600 } }]);
});

const keys: Array<[string, () => KeyObject]> = [
	['RSA', () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey],
	['RSA of 1024 bits', () => generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey],
	['P-256', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey],
	['P-384', () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey],
	['P-521', () => generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey],
];

it.each(keys)('a key of type %s signs what the service verifies', async (_name, make) => {
	lab.service.account.minRsaBits = 1024;
	const leaf = issue({ name: 'keyed.example', key: make() }, lab.root);
	await lab.session(pasted(leaf));
	expect(lab.service.handled).toMatchObject([{ status: 201 }]);
});

it('intermediates are sent, and lead to the trust anchor', async () => {
	const first = issue({ name: 'One', ca: true, pathLength: 1 }, lab.root);
	const second = issue({ name: 'Two', ca: true, pathLength: 0 }, first);
	const leaf = issue({ name: 'deep.example' }, second);
	await lab.session({ ...pasted(leaf), certificateChain: `${first.pem}${second.pem}` });
	expect(lab.service.handled[0]?.headers['x-amz-x509-chain']?.split(',')).toHaveLength(2);
});

it('an empty duration and session name are not sent', async () => {
	await lab.session({ durationSeconds: undefined, sessionName: ' ' });
	expect(lab.service.handled[0]?.request).toMatchObject({
		durationSeconds: undefined,
		roleSessionName: undefined,
	});
});

it('a session name is sent to a profile that accepts it', async () => {
	lab.service.account.profiles[0]!.acceptRoleSessionName = true;
	await lab.session({ sessionName: 'nightly@n8n' });
	expect(lab.service.handled[0]?.request).toMatchObject({ roleSessionName: 'nightly@n8n' });
});

it('a session that is shorter than requested is accepted', async () => {
	lab.service.account.profiles[0]!.durationSeconds = 900;
	const { expiration } = await lab.session({ durationSeconds: 43_200 });
	expect(expiration.getTime() - Date.now()).toBeLessThanOrEqual(900_000);
});

it('a certificate with a serial number of zero is accepted', async () => {
	const zero = issue({ name: 'zero', serial: 0n }, lab.root);
	await lab.session(pasted(zero));
	expect(lab.service.handled[0]?.headers.authorization).toContain('Credential=0/');
});
