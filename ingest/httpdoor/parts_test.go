package httpdoor_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// What each form of body stores; times by hand: 2026-05-01T08:00:00Z is 1777622400000.
func TestWhatIsStored(t *testing.T) {
	t.Parallel()
	const speed = " Vehicle.Speed="
	for name, tt := range map[string]struct {
		who, kind, query, body string
		want                   []string
	}{
		"one sample":  {vehicle, jsonT, "", `{"ts":1777622400000,"signals":{"Vehicle.Speed":1}}`, []string{vinA + " 1777622400000" + speed + "1"}},
		"with a mark": {vehicle, jsonT, "", "\xef\xbb\xbf" + `{"ts":1777622400000,"signals":{"Vehicle.Speed":1}}`, []string{vinA + " 1777622400000" + speed + "1"}},
		"a batch of the operator's": {
			"", jsonT, "?vin=" + strings.ToLower(vinB),
			`{"samples":[{"ts":"2026-05-01T08:00:00Z","signals":{"Vehicle.Speed":1}},{"ts":1777622399999,"signals":{"Vehicle.Speed":2}}]}`,
			[]string{vinB + " 1777622400000" + speed + "1", vinB + " 1777622399999" + speed + "2"},
		},
		"the document's VIN": {
			gateway, jsonT, "", `{"vin":"` + vinB + `","ts":1777622400000,"signals":{"Vehicle.Speed":3}}`,
			[]string{vinB + " 1777622400000" + speed + "3"},
		},
		"each sample's VIN": {
			gateway, jsonT, "", `{"samples":[{"vin":"` + vinB + `","ts":1777622400000,"signals":{"Vehicle.Speed":3}},` +
				`{"vin":"` + vinA + `","ts":1777622400000,"signals":{"Vehicle.Speed":4}}]}`,
			[]string{vinB + " 1777622400000" + speed + "3", vinA + " 1777622400000" + speed + "4"},
		},
		"lines of many": {
			gateway, lines, "", `{"vin":"` + vinA + `","ts":1777622400000,"signals":{"Vehicle.Speed":1}}` + "\n\r\n" +
				`{"vin":"` + vinB + `","ts":1777622400000,"signals":{"Vehicle.Speed":2}}` + "\r\n" +
				`{"vin":"` + vinA + `","ts":1777622400001,"signals":{"Vehicle.Speed":3}}`,
			[]string{vinA + " 1777622400000" + speed + "1", vinA + " 1777622400001" + speed + "3", vinB + " 1777622400000" + speed + "2"},
		},
		"points": {
			gateway, points, "?precision=s", "telemetry,host=x,vin=" + vinA +
				` Vehicle.Speed=1i,Vehicle.Powertrain.TractionBattery.Charging.IsCharging=t,Vehicle.LowVoltageSystemState="ON" 1777622400` + "\n# comment\n\n" +
				"telemetry,vin=" + vinB + ` Vehicle.Powertrain.TractionBattery.CellVoltage.CellVoltages="[3.5,3.25]" 1777622400`,
			[]string{
				vinA + " 1777622400000" + speed + "1",
				vinA + " 1777622400000 Vehicle.Powertrain.TractionBattery.Charging.IsCharging=true",
				vinA + ` 1777622400000 Vehicle.LowVoltageSystemState="ON"`,
				vinB + " 1777622400000 Vehicle.Powertrain.TractionBattery.CellVoltage.CellVoltages=[3.5,3.25]",
			},
		},
		"points in ns":       {vehicle, points, "", "telemetry Vehicle.Speed=2.5 1777622399999999999", []string{vinA + " 1777622399999" + speed + "2.5"}},
		"point without time": {vehicle, points, "", "telemetry Vehicle.Speed=2.5", []string{vinA + " 1777622400000" + speed + "2.5"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := &sink{}
			server := open(t, s, nil)
			got := post(t, request{server.URL + tt.query, tt.who, tt.kind, ""}, strings.NewReader(tt.body))
			if got.Status != http.StatusOK || got.Stored == 0 {
				t.Fatalf("%+v", got)
			}
			if diff := cmp.Diff(tt.want, s.lines); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWhatIsRefused(t *testing.T) {
	t.Parallel()
	const good = `{"ts":1777622400000,"signals":{"Vehicle.Speed":1}}`
	for name, tt := range map[string]struct {
		who, kind, query, body string
		status                 int
		detail                 string
		stored                 int
		letters, refused       string // "reason count ...", "line reason ..."
	}{
		"wrong secret":       {who: vinA + ":wrong", kind: jsonT, body: good, status: 401, detail: "wrong user name or password"},
		"unknown vehicle":    {who: vinB + ":secret", kind: jsonT, body: good, status: 401, detail: "wrong user name or password"},
		"wrong gateway":      {who: "fleet:secret", kind: jsonT, body: good, status: 401, detail: "wrong user name or password"},
		"another's by query": {who: vehicle, kind: jsonT, query: "?vin=" + vinB, body: good, status: 403, detail: "its own data only"},
		"another's document": {who: vehicle, kind: jsonT, body: `{"vin":"` + vinB + `",` + good[1:], status: 403, detail: "its own data only", refused: "1 foreign_vin"},
		"nobody's":           {who: gateway, kind: jsonT, body: good, status: 422, detail: "?vin=", refused: "1 wrong_vin"},
		"no VIN":             {who: gateway, kind: jsonT, query: "?vin=X", body: good, status: 422, detail: "want 17"},
		"unknown query":      {who: vehicle, kind: jsonT, query: "?prec=s", body: good, status: 422, detail: "prec"},
		"unknown precision":  {who: vehicle, kind: points, query: "?precision=h", body: good, status: 422, detail: "ns, us, ms or s"},
		"a form":             {who: vehicle, kind: "application/x-www-form-urlencoded", body: good, status: 415, detail: "want application/json"},
		"another charset":    {who: vehicle, kind: "application/json; charset=latin1", body: good, status: 415, detail: "UTF-8"},
		"empty":              {who: vehicle, kind: jsonT, body: " \n", status: 422, detail: "empty"},
		"no line":            {who: vehicle, kind: lines, body: " \n", status: 422, detail: "no sample"},
		"too large":          {who: vehicle, kind: jsonT, body: strings.Repeat(" ", 1<<20+1), status: 413, detail: "1048576"},
		"broken":             {who: vehicle, kind: jsonT, body: `{"ts":`, status: 422, detail: "nothing is stored", letters: "malformed_json 1"},
		"future":             {who: vehicle, kind: jsonT, body: `{"ts":1777622800000,"signals":{"Vehicle.Speed":1}}`, status: 422, detail: "clock", letters: "future_time 1"},
		"a broken line": {who: gateway, kind: lines, body: `{"vin":"` + vinA + `",` + good[1:] + "\n" + `{"vin":"` + vinA + `","ts":` + "\n{\n" +
			`{"vin":"` + vinB + `",` + good[1:], status: 207, stored: 2, letters: "malformed_json 1", refused: "3 wrong_vin"},
		"a broken point": {who: vehicle, kind: points, body: "telemetry Vehicle.Speed=1 1777622400000000000\ntelemetry Vehicle.Speed=\ncpu x=1\n" +
			"telemetry Vehicle.Speed=2 1777622399000000000", status: 207, stored: 2, refused: "2 malformed_json 3 malformed_json"},
		"a wrong value": {
			who: vehicle, kind: jsonT, body: `{"ts":1777622400000,"signals":{"Vehicle.Speed":1,"Vehicle.TraveledDistance":"far"}}`,
			status: 207, stored: 1, letters: "bad_value 1",
		},
		"elements that are none": {
			who: vehicle, kind: jsonT, body: `{"samples":[5,` + good + `,{"samples":[` + good + `]}]}`,
			status: 207, stored: 1, refused: "1 malformed_json 1 malformed_json",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := open(t, &sink{}, nil)
			got := post(t, request{server.URL + tt.query, tt.who, tt.kind, ""}, strings.NewReader(tt.body))
			var letters, refused []string
			for _, l := range got.Letters {
				letters = append(letters, fmt.Sprint(l.Reason, " ", l.Count))
			}
			for _, r := range got.Refused {
				refused = append(refused, fmt.Sprint(r.Line, " ", r.Reason))
			}
			if got.Status != tt.status || got.Stored != tt.stored || !strings.Contains(got.Detail, tt.detail) ||
				strings.Join(letters, " ") != tt.letters || strings.Join(refused, " ") != tt.refused {
				t.Errorf("%+v", got)
			}
		})
	}
}
