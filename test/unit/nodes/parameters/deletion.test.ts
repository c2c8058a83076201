import { deletion } from '../../../../nodes/parameters/deletion';
import { sourceOf } from './sourceOf';

it('a deletion is read from both options', () => {
	const source = sourceOf({ 'options.bypassGovernance': 'true', 'options.mfa': ' serial 123456 ' });
	expect(deletion.read(source)).toEqual({ bypassGovernance: true, mfa: 'serial 123456' });
});

it('a deletion bypasses nothing without options', () => {
	expect(deletion.read(sourceOf({}))).toEqual({ bypassGovernance: false, mfa: undefined });
});
