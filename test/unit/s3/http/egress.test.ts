import { egressFor } from '../../../../s3/http/egress';

it.each([
	'169.254.169.254',
	'fe80::1%eth0',
	'[fd00:ec2::23]',
	'[fd00:ec2::254]',
	'[fd20:ce::254]',
	'100.100.100.200',
	'192.0.0.192',
	'168.63.129.16',
	'[::ffff:a9fe:a9fe]',
	'[::ffff:0:a9fe:a9fe]',
	'[::a9fe:a9fe]',
	'[64:ff9b::a9fe:a9fe]',
	'[64:ff9b:1::a9fe:a9fe]',
	'[2002:a9fe:a9fe::1]',
	'[64:ff9b::100.100.100.200]',
	'[2002:a83f:8110::1]',
])('an address where a cloud gives away keys is refused whatever is allowed: %s', (host) => {
	const allowed = { allowedRanges: ['0.0.0.0/0', '::/0'], allowedHosts: [host] };
	for (const rules of [undefined, { ...allowed, blockedRanges: [], blockedHosts: [] }]) {
		expect(egressFor(rules).refusalOf(host)).toMatchObject({ code: 'LinkLocalAddress' });
	}
});

it.each(['127.0.0.1', '[::1]', '100.100.100.100', '[fd00:ec3::1]', '[64:ff9b::7f00:1]'])(
	'any other address is not refused: %s',
	(host) => {
		expect(egressFor(undefined).refusalOf(host)).toBeUndefined();
	},
);

const rules = {
	blockedRanges: ['127.0.0.0/8', '10.0.0.0/8'],
	allowedRanges: ['10.1.2.4/32', '64:ff9b::a01:205/128'],
	allowedHosts: [],
	blockedHosts: [],
};

it.each([
	'[::ffff:127.0.0.1]',
	'[::ffff:0:127.0.0.1]',
	'[::127.0.0.1]',
	'[64:ff9b::127.0.0.1]',
	'[64:ff9b::10.1.2.3]',
	'[64:ff9b:1::10.1.2.3]',
	'[64:ff9b:1:a01:2:300::]',
	'[2002:7f00:1::]',
	'[2002:a01:203::1]',
	'[2001:0:808:808::f5fe:fdfc]',
	'[fd00::5efe:10.1.2.3]',
])('an address is blocked if one is in it that is: %s', (host) => {
	expect(egressFor(rules).refusalOf(host)).toMatchObject({ code: 'BlockedAddress' });
});

it.each(['[64:ff9b::8.8.8.8]', '[2002:808:808::1]', '[64:ff9b::10.1.2.4]', '[64:ff9b::10.1.2.5]'])(
	'an address is not blocked if the one in it is not, or if either is allowed: %s',
	(host) => {
		expect(egressFor(rules).refusalOf(host)).toBeUndefined();
	},
);
