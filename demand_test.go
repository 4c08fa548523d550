package presage_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"presage"
)

func TestOverrideNamesAllFaults(t *testing.T) {
	t.Parallel()
	const today = presage.Day(20000)
	good := presage.DemandOverride{Part: "P", DepotID: "d", Mean: 0, Days: 1, Until: today, By: "李明", Why: "tender"}
	if err := good.Validate(today); err != nil {
		t.Error(err)
	}
	for _, bad := range []presage.DemandOverride{
		{Mean: -1, Until: today - 1, By: " ", Why: "\t"},
		{Mean: math.NaN(), Days: 366, Until: today + 733, By: strings.Repeat("李", 101), Why: strings.Repeat("x", 501)},
	} {
		err := bad.Validate(today)
		if !errors.Is(err, presage.ErrInvalid) {
			t.Fatalf("%v, want it invalid", err)
		}
		lines := strings.Split(err.Error(), "\n")
		for i, field := range []string{"part", "depot_id", "mean", "days", "until", "by", "why"} {
			if !strings.HasPrefix(lines[i], field+": invalid: ") {
				t.Errorf("line %d is %q, want it about %s", i, lines[i], field)
			}
		}
	}
}
