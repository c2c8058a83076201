import { generateKeyPairSync } from 'node:crypto';
import type { RolesAnywhereIdentity } from '../../../../../s3/Connection';
import { PROFILE_ARN, ROLE_ARN } from '../../../../servers/rolesAnywhere/account';
import { issue } from '../../../../servers/rolesAnywhere/authority';
import type { CertificateOptions, Issued } from '../../../../servers/rolesAnywhere/authority';
import { revocationList } from '../../../../servers/rolesAnywhere/revocationList';
import { rejectionOf } from '../../../failureOf';
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

type Case = [string, string, string, (lab: Lab) => Partial<RolesAnywhereIdentity>];
const leafWith = (options: CertificateOptions) => (from: Lab) =>
	pasted(issue({ name: 'odd.example', ...options }, from.root));
const cases: Case[] = [
	[
		'a missing intermediate',
		'Untrusted signing certificate',
		'Paste the intermediates',
		({ root }) => pasted(issue({ name: 'x' }, issue({ name: 'Middle', ca: true }, root))),
	],
	[
		'another authority',
		'Untrusted signing certificate',
		'trust anchor is of the authority',
		() => pasted(issue({ name: 'x' }, issue({ name: 'Lab Root', ca: true }))),
	],
	[
		'a self-signed certificate',
		'Untrusted signing certificate',
		'trust anchor is of the authority',
		() => pasted(issue({ name: 'alone' })),
	],
	[
		'a CA as certificate',
		'Untrusted certificate. Insufficient certificate',
		'CA:FALSE',
		leafWith({ ca: true }),
	],
	[
		'no key usage',
		'Untrusted certificate. Insufficient certificate',
		'digitalSignature',
		leafWith({ keyUsage: 'none' }),
	],
	[
		'X.509 version 1',
		'Untrusted certificate. Insufficient certificate',
		'v3',
		leafWith({ version: 1 }),
	],
	[
		'a signature with SHA-1',
		'Untrusted certificate. Insufficient certificate',
		'SHA-256',
		leafWith({ hash: 'sha1' }),
	],
	[
		'an empty subject',
		'Untrusted certificate. Insufficient certificate',
		'subject',
		leafWith({ name: undefined }),
	],
	[
		'a revoked certificate',
		'Certificate revoked',
		'use another certificate',
		({ root, leaf, service }) => {
			service.account.anchors[0]!.revocationLists = [revocationList(root, [leaf])];
			return {};
		},
	],
	[
		'an unknown trust anchor',
		"Specified Trust Anchor wasn't found",
		'Check the Trust Anchor ARN',
		({ service }) => {
			service.account.anchors = [];
			return {};
		},
	],
	[
		'a disabled trust anchor',
		'Specified Trust Anchor is disabled',
		'Enable the trust anchor',
		({ service }) => {
			service.account.anchors[0]!.enabled = false;
			return {};
		},
	],
	[
		'an unknown profile',
		'Invalid or empty profile provided',
		'Check the Profile ARN',
		({ service }) => {
			service.account.profiles = [];
			return {};
		},
	],
	[
		'a role that the profile does not list',
		"Requested Role isn't one of those listed in the Profile",
		'Add the role to the profile',
		() => ({ roleArn: 'arn:aws:iam::111122223333:role/other' }),
	],
	[
		'a session name that the profile forbids',
		'Not authorized to set roleSessionName',
		'acceptRoleSessionName',
		() => ({ sessionName: 'nightly' }),
	],
	[
		'a role whose trust policy does not allow it',
		'Unable to assume role for arn:aws:iam::111122223333:role/lab/reader',
		'trust policy',
		({ service }) => {
			service.account.roles[0]!.trusts = false;
			return {};
		},
	],
	[
		'a duration above the maximum of the role',
		'exceeds the MaxSessionDuration set for this role',
		'Lower the duration',
		({ service }) => {
			service.account.profiles[0]!.durationSeconds = 43_200;
			return { durationSeconds: 43_200 };
		},
	],
	[
		'an anchor and a profile of two accounts',
		'Invalid or empty profile provided',
		'Check the Profile ARN',
		() => ({ profileArn: PROFILE_ARN.replace('111122223333', '444455556666') }),
	],
	[
		'a role of another account',
		"Requested Role isn't one of those listed in the Profile",
		'Add the role to the profile',
		() => ({ roleArn: ROLE_ARN.replace('111122223333', '444455556666') }),
	],
	[
		'an RSA key that is too short for it',
		'Untrusted certificate. Insufficient certificate',
		'have it issued again',
		({ root }) => {
			const key = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
			return pasted(issue({ name: 'short', key }, root));
		},
	],
];

it.each(cases)(
	'the refusal of %s has the words of the service and says what to change',
	async (_name, words, advice, changesOf) => {
		const failure = await rejectionOf(lab.session(changesOf(lab)));
		expect(failure.message).toContain(
			`Could not get a session for role “${String(lab.service.handled[0]?.request.roleArn)}”: `,
		);
		expect(failure.message).toContain(words);
		expect(failure.advice).toContain(advice);
		expect(failure.code).toMatch(/^(AccessDenied|ResourceNotFound)Exception$/);
		expect(failure.requestId).toMatch(/^[0-9a-f-]{36}$/);
		expect(['credentials', 'denied']).toContain(failure.kind);
		expect(failure.retryable).toBe(false);
		expect(lab.service.requestCount).toBe(1);
	},
);
