import { createFolder, deleteFolder, listFolders } from '../../../convert/folderOperations';

it('a folder is made below one that an expression gives, or at the top where it gives none', () => {
	const its = { folderName: 'new%20', additionalFields: { parentFolderKey: '={{ $json.in }}' } };
	expect(createFolder(its, 'awsS3V2', false).parameters.key).toBe(
		"={{ ($json.in) ? ($json.in) + '/' : '' }}new /",
	);
	expect(createFolder(its, 's3', false).parameters.key).toBe('={{ $json.in }}new /');
});

it('a list of folders says that objects with content may be among them', () => {
	const { options, notes } = listFolders({ options: { folderKey: 'in/' } }, 's3', false);
	expect(options).toEqual({ keyMatches: '**/', excludePrefixItself: true });
	expect(notes.join()).toContain('Objects with content whose key ends with a slash');
});

it('a folder is deleted with all that is in it, up to a number that is said', () => {
	const { operation, parameters, notes } = deleteFolder({ folderKey: 'in/' }, 's3', false);
	expect({ operation, prefix: parameters.prefix }).toEqual({
		operation: 'deleteByPrefix',
		prefix: 'in/',
	});
	expect(notes.join()).toContain('at most 1,000 objects');
});
