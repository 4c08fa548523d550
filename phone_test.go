package presage_test

import (
	"testing"

	"presage"
)

// The ranges are Ofcom's "telephone numbers for use in TV and radio drama" and the
// NANPA's 555-0100 to 555-0199.
func TestPhoneMadeUp(t *testing.T) {
	t.Parallel()
	for number, want := range map[presage.Phone]bool{
		"+447700900000": true, "+447700900999": true, "+12025550100": true, "+12025550199": true, "+8610000000007": true,
		"+447700901000": false, "+12025550200": false, "+8613812345678": false, "+86100000007": false, "": false,
	} {
		if got := number.MadeUp(); got != want {
			t.Errorf("%s made up: %v, want %v", number.Masked(), got, want)
		}
	}
}
