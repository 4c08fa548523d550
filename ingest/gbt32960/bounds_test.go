package gbt32960_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage/ingest"
	"presage/ingest/gbt32960"
)

func infos(pieces ...string) string {
	return `{"Cmd":2,"Encrypt":1,"Vin":"` + string(vinEMQX) + `","Data":{"Time":` + someTime +
		`,"Infos":[` + strings.Join(pieces, ",") + `]}}`
}

// list is n elements in brackets, the format's verb being the element's number.
func list(n int, format string) string {
	out := make([]string, n)
	for i := range out {
		out[i] = strings.ReplaceAll(format, "%", fmt.Sprint(i+1))
	}
	return "[" + strings.Join(out, ",") + "]"
}

// A document may hold no more than the frame that EMQX made it of: 252 to a
// list whose number is one byte (tables 11 and 17), and 65,531 bytes in all
// (table 2). What is longer is a bad value, and costs itself alone.
func TestDocumentsAreBoundedAsFramesAre(t *testing.T) {
	t.Parallel()
	alarm := func(codes string) string { return `{"Type":"Alarm","MaxAlarmLevel":2,"FaultOthersList":` + codes + `}` }
	cells := func(groups string) string { return `{"Type":"ChargeableVoltage","SubSystems":` + groups + `}` }
	for name, tt := range map[string]struct {
		doc              string
		events, readings int
		bad              bool
	}{
		"as many codes as a byte counts": {infos(alarm(list(252, "%"))), 252, 2, false},
		"one code more":                  {infos(alarm(list(253, "%"))), 0, 2, true},
		"a megabyte of codes":            {infos(alarm(list(100_000, "%"))), 0, 2, true},
		"codes that are the same":        {infos(alarm(list(252, "7"))), 1, 2, false},
		"twice the same flag": {infos(`{"Type":"Alarm","GeneralAlarmFlag":4,"FaultGeneralNum":2,"FaultGeneralList":` +
			list(2, `{"No":2,"Level":%}`) + `}`), 1, 0, false},
		"too many motors":          {infos(`{"Type":"DriveMotor","Number":1,"Motors":` + list(253, `{"No":%,"Status":1}`) + `}`), 0, 0, true},
		"too many pieces":          {infos(strings.Trim(list(253, `{"Type":"Engine","Status":1}`), "[]")), 0, 0, true},
		"16,000 cells":             {infos(cells(list(1, `{"CellsTotal":16000,"FrameCellsIndex":1,"CellsVoltage":`+list(16_000, "3300")+`}`))), 0, 3, false},
		"more cells than a frame":  {infos(cells(list(1, `{"CellsTotal":40000,"FrameCellsIndex":1,"CellsVoltage":`+list(40_000, "3300")+`}`))), 0, 0, true},
		"more groups than a frame": {infos(strings.TrimSuffix(strings.Repeat(cells(list(252, `{"FrameCellsIndex":%,"CellsVoltage":[1,2,3,4,5,6]}`))+",", 40), ",")), 0, 252, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := decodeJSON("info", tt.doc)
			if err != nil {
				t.Fatal(err)
			}
			readings := 0
			for _, s := range got.Samples {
				readings += len(s.Readings)
			}
			bad := len(got.Faults) == 1 && got.Faults[0].Reason == ingest.ReasonBadValue
			if len(got.Events) != tt.events || readings != tt.readings || bad != tt.bad {
				t.Errorf("%d events, %d readings, faults %+v", len(got.Events), readings, got.Faults)
			}
		})
	}
}

// What the rate limit turned away was told to nobody: it is told again.
func TestForgottenAlarmsAreToldAgain(t *testing.T) {
	t.Parallel()
	d := gbt32960.NewDecoder(nil)
	told := func(second int) int {
		doc := strings.Replace(infos(`{"Type":"Alarm","GeneralAlarmFlag":1}`), `"Second":2`, fmt.Sprintf(`"Second":%d`, second), 1)
		got, err := d.Decode(ingest.Message{Topic: "gbt32960/" + string(vinEMQX) + "/upstream/info", Payload: []byte(doc)})
		if err != nil {
			t.Fatal(err)
		}
		return len(got.Events)
	}
	got := []int{told(1), told(2)}
	d.Forget(vinEMQX)
	if diff := cmp.Diff([]int{1, 0, 1, 0}, append(got, told(3), told(4))); diff != "" {
		t.Error(diff)
	}
}
