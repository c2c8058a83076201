import { createPrivateKey } from 'node:crypto';
import { readPrivateKey } from '../../../../../s3/identity/rolesAnywhere/privateKey';
import { issue } from '../../../../servers/rolesAnywhere/authority';
import { rejectionOf } from '../../../failureOf';
import { openLab } from './lab';
import type { Lab } from './lab';

/** PKCS#8 of a key that is made of a seed of 32 bytes. */
function pemOf(parameterSet: '11' | '12' | '13'): string {
	const der = `3034020100300b06096086480165030403${parameterSet}04228020${'5a'.repeat(32)}`;
	const base64 = Buffer.from(der, 'hex').toString('base64');
	return `-----BEGIN PRIVATE KEY-----\n${base64}\n-----END PRIVATE KEY-----\n`;
}

function isKnownToNode(): boolean {
	try {
		return createPrivateKey(pemOf('11')).type === 'private';
	} catch {
		return false;
	}
}

const sets = [
	['ml-dsa-44', pemOf('11')],
	['ml-dsa-65', pemOf('12')],
	['ml-dsa-87', pemOf('13')],
] as const;

let lab: Lab;
beforeEach(async () => {
	lab = await openLab();
});
afterEach(() => lab.close());

if (isKnownToNode()) {
	test.each(sets)('a key of type %s signs what the service verifies', async (type, keyPem) => {
		const key = readPrivateKey(keyPem, undefined);
		expect(key.asymmetricKeyType).toBe(type);
		const middle = issue({ name: 'Middle', ca: true, key }, lab.root);
		const leaf = issue({ name: 'quantum.example', key }, middle);
		await lab.session({ certificate: leaf.pem + middle.pem, privateKey: keyPem });
		expect(lab.service.handled[0]?.headers.authorization).toContain('AWS4-X509-MLDSA Credential=');
	});
} else {
	test.each(sets)('a key of type %s is refused with the Node that it needs', async (_type, pem) => {
		const failure = await rejectionOf(lab.session({ privateKey: pem }));
		expect(failure.message).toContain(`needs Node 24; n8n runs on ${process.version}`);
		expect(lab.service.requestCount).toBe(0);
	});
}
