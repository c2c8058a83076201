import { INTERNAL_RANGES } from '../../../../credentials/read/internalRanges';
import { egressFor } from '../../../../s3/http/egress';

const { refusalOf } = egressFor({
	blockedRanges: INTERNAL_RANGES,
	allowedRanges: [],
	allowedHosts: [],
	blockedHosts: [],
});

it.each([
	'0.0.0.0',
	'10.255.0.1',
	'100.64.0.1',
	'100.127.255.255',
	'127.8.8.8',
	'172.16.0.1',
	'172.31.255.255',
	'192.168.1.1',
	'198.18.0.1',
	'224.0.0.251',
	'240.0.0.1',
	'255.255.255.255',
	'[::]',
	'[::1]',
	'[::127.0.0.1]',
	'[::ffff:10.0.0.1]',
	'[::ffff:0:10.0.0.1]',
	'[64:ff9b::10.0.0.1]',
	'[64:ff9b::c0a8:101]',
	'[64:ff9b:1::10.0.0.1]',
	'[2001::1]',
	'[2001:db8::1]',
	'[2002:7f00:1::1]',
	'[3fff::1]',
	'[5f00::1]',
	'[fc00::1]',
	'[fd12:3456::1]',
	'[fec0::1]',
	'[ff02::1]',
])('the address %s is internal', (host) => {
	expect(refusalOf(host)).toMatchObject({ code: 'BlockedAddress' });
});

it.each([
	'1.1.1.1',
	'9.255.255.255',
	'11.0.0.0',
	'100.63.255.255',
	'100.128.0.0',
	'172.15.255.255',
	'172.32.0.0',
	'192.167.255.255',
	'198.20.0.0',
	'223.255.255.255',
	'[2001:4860:4860::8888]',
	'[2606:4700::1111]',
	'[2a00:1450::1]',
	'[::ffff:8.8.8.8]',
	'[64:ff9b::8.8.8.8]',
	'[64:ff9b:1::8.8.8.8]',
])('the address %s is one of the public Internet', (host) => {
	expect(refusalOf(host)).toBeUndefined();
});
