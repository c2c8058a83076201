import { restoreStatus } from '../../../../nodes/parameters/restoreStatus';
import { sourceOf } from './sourceOf';

it.each([
	[{}, false],
	[{ 'options.includeRestoreStatus': true }, true],
	[{ 'options.includeRestoreStatus': 'false' }, false],
])('how far restores are is asked for with %j: %s', (values, includeRestoreStatus) => {
	expect(restoreStatus.read(sourceOf(values))).toEqual({ includeRestoreStatus });
});
