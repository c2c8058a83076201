import { versionId } from '../../../../nodes/parameters/versionId';
import { sourceOf } from './sourceOf';

it('the version is the newest if none is given', () => {
	expect(versionId.read(sourceOf({}))).toBeUndefined();
	expect(versionId.read(sourceOf({ 'options.versionId': ' v1 ' }))).toBe('v1');
});
