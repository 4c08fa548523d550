package presage_test

import (
	"log/slog"
	"strings"
	"testing"

	"presage"
)

func TestPlate(t *testing.T) {
	t.Parallel()
	for plate, folded := range map[presage.Plate]string{
		"沪A·12345": "沪a12345", "沪a 12345": "沪a12345", "B-MW 1234": "bmw1234", "": "", "粤BD12345": "粤bd12345",
	} {
		if got := plate.Folded(); got != folded {
			t.Errorf("%q is folded to %q, want %q", plate, got, folded)
		}
	}
	for plate, masked := range map[presage.Plate]string{"沪A·12345": "沪***", "B-MW 1234": "B***", "": "***"} {
		if got := plate.Masked(); got != masked {
			t.Errorf("%q is masked to %q, want %q", plate, got, masked)
		}
	}
	for _, wrong := range []presage.Plate{"A\n1", presage.Plate(strings.Repeat("A", 21))} {
		if wrong.Check() == nil {
			t.Errorf("%q passes as a plate", wrong)
		}
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("seen", "plate", presage.Plate("沪A·12345"))
	if strings.Contains(log.String(), "12345") {
		t.Errorf("the log holds a plate: %s", log.String())
	}
}
