package measure_test

import (
	"strings"
	"testing"

	"presage/outreach/reply/measure"
)

const sheet = `id,lang,text,intent,slot,detail
a,en,"2, please",slot,2,
b,zh,退订,stop,,
c,en,cancel it,cancel,,booked
d,zh,多少钱,price,,
`

// A wrong number and a missed opt-out are told; a person harms nobody, but costs.
func TestScore(t *testing.T) {
	t.Parallel()
	rows, err := measure.Read(strings.NewReader(sheet))
	if err != nil {
		t.Fatal(err)
	}
	done := map[string]measure.Done{
		"a": {Intent: "slot", Slot: 1, Action: "book"}, "b": {Action: "person"},
		"c": {Intent: "cancel", Action: "cancel"}, "d": {Intent: "price", Action: "answer"},
	}
	s := measure.NewScore(rows, func(r measure.Row) measure.Done { return done[r.ID] })
	if s.Rows != 4 || s.Stops != 1 || len(s.MissedStops) != 1 || len(s.Wrong) != 1 || s.ByPerson != 1 {
		t.Errorf("score %+v", s)
	}
	var out strings.Builder
	if err := s.Print(&out); err != nil || !strings.Contains(out.String(), "wrong action: a ") ||
		!strings.Contains(out.String(), "without a person 75.0 %") {
		t.Errorf("printed %q, %v", out.String(), err)
	}
}

// Every fault of a sheet is named at once.
func TestReadNamesAllFaults(t *testing.T) {
	t.Parallel()
	_, err := measure.Read(strings.NewReader("id,lang,text,intent,slot,detail\na,en,b\nc,en,d,slot,two,\n"))
	if err == nil || !strings.Contains(err.Error(), "row 1") || !strings.Contains(err.Error(), "row 2") {
		t.Errorf("error %v", err)
	}
	if _, err := measure.Read(strings.NewReader("id,text\n")); err == nil {
		t.Error("a sheet with other columns is read")
	}
}
