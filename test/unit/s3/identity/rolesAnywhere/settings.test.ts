import { checkSettings } from '../../../../../s3/identity/rolesAnywhere/settings';
import type { RolesAnywhereIdentity } from '../../../../../s3/Connection';
import { PROFILE_ARN, ROLE_ARN, TRUST_ANCHOR_ARN } from '../../../../servers/rolesAnywhere/account';
import { failureOf } from '../../../failureOf';

function settings(changes: Partial<RolesAnywhereIdentity>) {
	return checkSettings({
		kind: 'rolesAnywhere',
		trustAnchorArn: TRUST_ANCHOR_ARN,
		profileArn: PROFILE_ARN,
		roleArn: ROLE_ARN,
		region: 'eu-central-1',
		sessionName: undefined,
		durationSeconds: undefined,
		certificate: '',
		certificateChain: undefined,
		privateKey: '',
		passphrase: undefined,
		endpoint: undefined,
		...changes,
	});
}

const inRegion = (region: string, partition: string): Partial<RolesAnywhereIdentity> => ({
	region,
	trustAnchorArn: `arn:${partition}:rolesanywhere:${region}:111122223333:trust-anchor/a-b`,
	profileArn: `arn:${partition}:rolesanywhere:${region}:111122223333:profile/c-d`,
	roleArn: `arn:${partition}:iam::111122223333:role/reader`,
});

it.each([
	['us-east-1', 'aws', 'rolesanywhere.us-east-1.amazonaws.com'],
	['ap-southeast-4', 'aws', 'rolesanywhere.ap-southeast-4.amazonaws.com'],
	['us-gov-west-1', 'aws-us-gov', 'rolesanywhere.us-gov-west-1.amazonaws.com'],
	['cn-northwest-1', 'aws-cn', 'rolesanywhere.cn-northwest-1.amazonaws.com.cn'],
	['eusc-de-east-1', 'aws-eusc', 'rolesanywhere.eusc-de-east-1.amazonaws.eu'],
	['us-iso-east-1', 'aws-iso', 'rolesanywhere.us-iso-east-1.c2s.ic.gov'],
	['us-isob-east-1', 'aws-iso-b', 'rolesanywhere.us-isob-east-1.sc2s.sgov.gov'],
	['eu-isoe-west-1', 'aws-iso-e', 'rolesanywhere.eu-isoe-west-1.cloud.adc-e.uk'],
	['us-isof-south-1', 'aws-iso-f', 'rolesanywhere.us-isof-south-1.csp.hci.ic.gov'],
])('requests in %s (%s) go to %s', (region, partition, host) => {
	expect(settings(inRegion(region, partition)).url.href).toBe(`https://${host}/sessions`);
});

it('the region of the trust anchor is used if none is given', () => {
	expect(settings({ region: undefined }).region).toBe('eu-central-1');
	expect(settings({ region: ' ' }).region).toBe('eu-central-1');
});

it('blanks and line breaks around ARNs are left out', () => {
	expect(
		settings({ trustAnchorArn: ` ${TRUST_ANCHOR_ARN}\n`, roleArn: `\t${ROLE_ARN} ` }),
	).toMatchObject({ trustAnchorArn: TRUST_ANCHOR_ARN, roleArn: ROLE_ARN });
});

it.each([
	['a trailing slash', 'https://vpce-1.example.com/', 'https://vpce-1.example.com/sessions'],
	['the path itself', 'https://vpce-1.example.com/sessions', 'https://vpce-1.example.com/sessions'],
	['a port', ' https://vpce-1.example.com:8443 ', 'https://vpce-1.example.com:8443/sessions'],
	['http on loopback', 'http://localhost:9000', 'http://localhost:9000/sessions'],
	['http on loopback by number', 'http://[::1]:9000', 'http://[::1]:9000/sessions'],
	['nothing', ' ', 'https://rolesanywhere.eu-central-1.amazonaws.com/sessions'],
])('an endpoint with %s is accepted', (_name, endpoint, href) => {
	expect(settings({ endpoint }).url.href).toBe(href);
});

it('an endpoint of one’s own does not change the region that is signed for', () => {
	const endpoint = 'https://vpce-1.rolesanywhere.us-west-2.vpce.amazonaws.com';
	expect(settings({ endpoint }).region).toBe('eu-central-1');
});

it.each([
	['a path', 'https://vpce-1.example.com/other', 'has a path'],
	['a query', 'https://vpce-1.example.com/?x=hunter2', 'has a query'],
	['a fragment', 'https://vpce-1.example.com/#hunter2', 'has a query or fragment'],
	['a password', 'https://user:hunter2@vpce-1.example.com', 'holds a user name or password'],
	['http elsewhere', 'http://vpce-1.example.com', 'begins with http://'],
	['http on a name that only looks like loopback', 'http://localhost.example.com', 'begins with'],
	['no scheme', 'vpce-1.example.com', 'not a URL that begins with https://'],
	['another scheme', 'ftp://vpce-1.example.com', 'not a URL that begins with https://'],
])('an endpoint with %s is refused and not shown', (_name, endpoint, words) => {
	const { kind, message, advice } = failureOf(() => settings({ endpoint }));
	expect(kind).toBe('invalid');
	expect(message).toContain(words);
	expect(message + advice).not.toContain('hunter2');
});

it.each([899, 43_201, 0, -1, 900.5, NaN, Infinity, '3600' as unknown as number])(
	'a duration of %p is refused with the rule',
	(durationSeconds) => {
		const { kind, message } = failureOf(() => settings({ durationSeconds }));
		expect(kind).toBe('invalid');
		expect(message).toContain('900 to 43200');
	},
);

it.each([900, 3601, 43_200, undefined])('a duration of %p is accepted', (durationSeconds) => {
	expect(settings({ durationSeconds }).durationSeconds).toBe(durationSeconds);
});

it.each(['a', 'x'.repeat(65), 'a b', 'a/b', 'müller', 'name\n', 'a\nb'])(
	'the session name %j is refused with the rule',
	(sessionName) => {
		const { kind, message } = failureOf(() => settings({ sessionName }));
		expect(kind).toBe('invalid');
		expect(message).toContain('2 to 64 letters, digits or any of _ + = , . @ -');
	},
);

it.each([
	['', undefined],
	['  ', undefined],
	[undefined, undefined],
	['n8n-workflow_42@prod', 'n8n-workflow_42@prod'],
	['x'.repeat(64), 'x'.repeat(64)],
])('the session name %j is sent as %j', (sessionName, sent) => {
	expect(settings({ sessionName }).sessionName).toBe(sent);
});

const account = '111122223333';

it.each<[string, Partial<RolesAnywhereIdentity>, string]>([
	['no trust anchor', { trustAnchorArn: ' ' }, 'The Trust Anchor ARN is missing'],
	['no role', { roleArn: '' }, 'The Role ARN is missing'],
	[
		'a profile as trust anchor',
		{ trustAnchorArn: PROFILE_ARN },
		'Trust Anchor ARN: this is a profile ARN, expected a trust anchor',
	],
	[
		'a trust anchor as profile',
		{ profileArn: TRUST_ANCHOR_ARN },
		'Profile ARN: this is a trust anchor ARN, expected a profile',
	],
	[
		'a user as role',
		{ roleArn: `arn:aws:iam::${account}:user/reader` },
		'Role ARN: this is a user ARN, expected a role',
	],
	[
		'a session as role',
		{ roleArn: `arn:aws:sts::${account}:assumed-role/reader/me` },
		'Role ARN: this is a sts assumed role ARN, expected a role',
	],
	['a name as role', { roleArn: 'reader' }, 'Role ARN: this is not an ARN'],
	['two ARNs in a field', { roleArn: `${ROLE_ARN} ${ROLE_ARN}` }, 'this is not an ARN'],
	['a role without a name', { roleArn: `arn:aws:iam::${account}:role/` }, 'not the ARN of a role'],
	['a role without an account', { roleArn: 'arn:aws:iam:::role/x' }, 'not the ARN of a role'],
	[
		'a profile of another region',
		{ profileArn: PROFILE_ARN.replace('eu-central-1', 'eu-west-1') },
		'The trust anchor is in region eu-central-1 but the profile in eu-west-1',
	],
	[
		'a profile of another partition',
		{ profileArn: PROFILE_ARN.replace('arn:aws:', 'arn:aws-cn:') },
		'The trust anchor is in partition aws but the profile in aws-cn',
	],
	[
		'a role of another partition',
		{ roleArn: ROLE_ARN.replace('arn:aws:', 'arn:aws-cn:') },
		'The Role ARN is in partition aws-cn but region eu-central-1 is in aws',
	],
	[
		'another region',
		{ region: 'us-east-1' },
		'The trust anchor is in region eu-central-1 but the Roles Anywhere region is us-east-1',
	],
	['a region with a typing error', { region: 'eu-central-11' }, 'region is eu-central-11'],
	['a region of another partition', { region: 'cn-north-1' }, 'region is cn-north-1'],
	['a region that cannot be', { region: 'Frankfurt' }, '“Frankfurt” is not a region of AWS'],
	[
		'ARNs with a region that cannot be',
		{
			region: undefined,
			trustAnchorArn: TRUST_ANCHOR_ARN.replace('eu-central-1', 'moon'),
			profileArn: PROFILE_ARN.replace('eu-central-1', 'moon'),
		},
		'“moon” is not a region of AWS',
	],
])('%s is refused before anything is sent', (_name, changes, words) => {
	const { kind, message, advice } = failureOf(() => settings(changes));
	expect(kind).toBe('invalid');
	expect(message).toContain(words);
	expect(advice).not.toBe('');
});
