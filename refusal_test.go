package presage_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
)

// A reason is found through wraps and joins, and changes neither text nor kind; whole
// tells that nothing is left without one.
func TestRefusals(t *testing.T) {
	t.Parallel()
	who := presage.Refuse(fmt.Errorf("who: %w", presage.ErrInvalid), presage.WhyWhoMissing)
	left := presage.Refuse(fmt.Errorf("pieces: %w", presage.ErrConflict), presage.WhyPiecesLeft, "left", "7")
	both := fmt.Errorf("order po-1: %w", errors.Join(who, fmt.Errorf("line 1: %w", left)))
	if both.Error() != "order po-1: who: invalid\nline 1: pieces: conflict" ||
		!errors.Is(both, presage.ErrInvalid) || !errors.Is(both, presage.ErrConflict) {
		t.Errorf("the error became %q", both)
	}
	for name, c := range map[string]struct {
		err   error
		codes []string
		whole bool
	}{
		"two joined":        {both, []string{presage.WhyWhoMissing, presage.WhyPiecesLeft}, true},
		"one has no reason": {errors.Join(who, presage.ErrInvalid), []string{presage.WhyWhoMissing}, false},
		"the outer speaks":  {presage.Refuse(who, presage.WhyBlockTimes), []string{presage.WhyBlockTimes}, true},
		"none":              {fmt.Errorf("order: %w", presage.ErrNotFound), nil, false},
		"no error":          {nil, nil, false},
	} {
		all, whole := presage.Refusals(c.err)
		var codes []string
		for _, r := range all {
			codes = append(codes, r.Code)
		}
		if diff := cmp.Diff(c.codes, codes); diff != "" || whole != c.whole {
			t.Errorf("%s: whole %v\n%s", name, whole, diff)
		}
	}
}
