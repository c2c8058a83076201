import { join } from 'node:path';
import { fromPython, type ServerPackage } from '../ServerPackage';

export const moto: ServerPackage = {
	name: 'moto',
	...fromPython('moto[server]', '5.2.5'),
	start: (home, { port }) => ({
		command: join(home, 'bin', 'moto_server'),
		args: ['-H', '127.0.0.1', '-p', String(port)],
	}),
	lacks: ['checksums'],
	faults: {
		'a get reads what a customer’s own key encrypts with that key alone':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'a head of an object under a customer’s own key needs that key':
			'ignores the keys of customers: it encrypts nothing with them, and reads without them',
		'keys of any kind make the round trip unchanged, path style': 'refuses keys with a line break',
		'keys are the same for uploads in parts': 'refuses keys with a line break',
		'a delete marker hides an object, and gives it back when it is deleted itself':
			'does not say that a version was a delete marker',
		'versions and markers are deleted with others':
			'does not say that a version was a delete marker',
		'tags are merged, replaced and removed': 'drops blanks around the values of tags',
		'each version has tags of its own': 'fails with status 500 for the tags of a version',
		'a head comes with the attributes, if the server has them':
			'has no checksum among the attributes of an object',
		'a failure tells a wrong secret': 'takes every key and signature',
		'a failure tells a wrong access key': 'takes every key and signature',
	},
};
