import { storage } from '../../../../nodes/parameters/storage';
import { sourceOf } from './sourceOf';

it('storage class and ACL may be others than the listed ones', () => {
	const source = sourceOf({
		'options.storageClass': ' COLD ',
		'options.acl': 'public-read-delivered',
	});
	expect(storage.read(source)).toEqual({ storageClass: 'COLD', acl: 'public-read-delivered' });
	expect(storage.read(sourceOf({}))).toEqual({ storageClass: undefined, acl: undefined });
});
