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
