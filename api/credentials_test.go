package api_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"presage"
	"presage/api"
	"presage/api/apitest"
)

type credentialRow struct {
	VIN       string     `json:"vin"`
	Secret    string     `json:"secret"`
	HasSecret bool       `json:"has_secret"`
	IssuedAt  *time.Time `json:"issued_at"`
	RevokedAt *time.Time `json:"revoked_at"`
}

// A secret is in the answer that made it and in no other.
func TestProvisionShowsSecretsOnce(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	a1, a2 := string(apitest.VIN(1)), string(apitest.VIN(2))
	made := r.do(t, http.MethodPost, "/v1/vehicles/credentials", `{"vins":["`+a1+`","`+a2+`"]}`,
		"Content-Type", "application/json")
	want(t, made, http.StatusOK)
	if made.Header.Get("Cache-Control") != "no-store" {
		t.Error("the secrets may be kept on their way")
	}
	rows := decode[list[credentialRow]](t, made).Items
	if len(rows) != 2 || rows[0].VIN != a1 || len(rows[0].Secret) != 17 {
		t.Fatalf("%+v", rows)
	}
	for _, path := range []string{"/v1/vehicles/credentials", "/v1/vehicles/" + a1 + "/credentials", "/v1/vehicles", "/vehicles"} {
		a := r.get(t, path)
		want(t, a, http.StatusOK)
		if strings.Contains(a.body, rows[0].Secret) || strings.Contains(a.body, "hash-of") {
			t.Errorf("%s shows a secret or its hash", path)
		}
	}
	one := decode[credentialRow](t, r.get(t, "/v1/vehicles/"+a1+"/credentials"))
	if !one.HasSecret || one.IssuedAt == nil || one.RevokedAt != nil {
		t.Errorf("%+v", one)
	}
	first := decode[list[credentialRow]](t, r.get(t, "/v1/vehicles/credentials?limit=1"))
	if len(first.Items) != 1 || first.Items[0].VIN != min(a1, a2) {
		t.Errorf("the first page: %+v", first)
	}
	want(t, r.do(t, http.MethodDelete, "/v1/vehicles/"+a1+"/credentials", ""), http.StatusNoContent)
	if one = decode[credentialRow](t, r.get(t, "/v1/vehicles/"+a1+"/credentials")); one.HasSecret || one.RevokedAt == nil {
		t.Errorf("after the revocation: %+v", one)
	}
	missing := string(apitest.VIN(77))
	want(t, r.do(t, http.MethodDelete, "/v1/vehicles/"+missing+"/credentials", ""), http.StatusNotFound)
	want(t, r.get(t, "/v1/vehicles/"+missing+"/credentials"), http.StatusNotFound)

	table := r.do(t, http.MethodPost, "/v1/vehicles/credentials", `{"vins":["`+a2+`"]}`,
		"Content-Type", "application/json", "Accept", "text/csv")
	want(t, table, http.StatusOK)
	if lines := strings.Split(table.body, "\n"); lines[0] != "vin,secret" || !strings.HasPrefix(lines[1], a2+",") {
		t.Errorf("CSV: %s", table.body)
	}
}

func TestProvisionNamesEveryFault(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	good := string(apitest.VIN(1))
	a := r.do(t, http.MethodPost, "/v1/vehicles/credentials", `{"vins":["SHORT","`+good+`","`+good+`","LPSVSED0OR0000375"]}`,
		"Content-Type", "application/json")
	want(t, a, http.StatusUnprocessableEntity)
	for _, fault := range []string{"vins[0]", "vins[2]", "the same as vins[1]", "vins[3]"} {
		if !strings.Contains(a.body, fault) {
			t.Errorf("%s is not named: %s", fault, a.body)
		}
	}
	want(t, r.get(t, "/v1/vehicles/"+good+"/credentials"), http.StatusNotFound)
}

func TestHeldVehiclesAreNamed(t *testing.T) {
	t.Parallel()
	rows := decode[list[presage.HeldLetters]](t, start(t, nil).get(t, "/v1/vehicles/held?reason=rate_limited")).Items
	if len(rows) != 1 || rows[0].Kept != 1000 || rows[0].TurnedAway != 5400 {
		t.Errorf("%+v", rows)
	}
}

// A vehicle is silent by its own expected interval, else by the fleet's; the
// list, the vehicle, the overview and the pages agree.
func TestSilence(t *testing.T) {
	t.Parallel()
	var world *apitest.World
	r := start(t, func(_ *api.Config, d *api.Deps) { world, _ = d.REST.Registry.(*apitest.World) })
	if err := world.PutVehicles(t.Context(), []presage.Vehicle{
		{VIN: apitest.VIN(900001), Make: "Lumen", Model: "Hourly", LastSeen: now().Add(-2 * time.Hour), ExpectedInterval: presage.Interval(time.Hour)},
		{VIN: apitest.VIN(900002), Make: "Lumen", Model: "Weekly", LastSeen: now().AddDate(0, 0, -5), ExpectedInterval: presage.Interval(7 * 24 * time.Hour)},
		{VIN: apitest.VIN(900003), Make: "Lumen", Model: "Never"},
	}); err != nil {
		t.Fatal(err)
	}
	type row struct {
		VIN    presage.VIN `json:"vin"`
		Model  string      `json:"model"`
		Every  string      `json:"expected_interval"`
		Silent bool        `json:"silent"`
		Since  *time.Time  `json:"silent_since"`
	}
	silent := decode[list[row]](t, r.get(t, "/v1/vehicles?silent=true&limit=500")).Items
	byModel := map[string]row{}
	for _, v := range silent {
		byModel[v.Model] = v
		if !v.Silent {
			t.Errorf("%+v is listed as silent and says otherwise", v)
		}
	}
	if hourly := byModel["Hourly"]; hourly.Since == nil || !hourly.Since.Equal(now().Add(-2*time.Hour)) || hourly.Every != "1h0m0s" {
		t.Errorf("hourly: %+v", hourly)
	}
	if never, ok := byModel["Never"]; !ok || never.Since != nil {
		t.Errorf("never heard from: %+v", never)
	}
	if _, ok := byModel["Weekly"]; ok {
		t.Error("a vehicle that need not have reported yet counts as silent")
	}
	o := decode[struct {
		Silent int `json:"silent"`
	}](t, r.get(t, "/v1/overview"))
	if o.Silent != len(silent) {
		t.Errorf("the overview counts %d, the list %d", o.Silent, len(silent))
	}
	for path, text := range map[string]string{
		"/?lang=en":                     "have not been heard from in time. Silence is not health.",
		"/?lang=zh":                     "已超过预期时间没有上报",
		"/vehicles?silent=true&lang=en": "Hourly",
		"/vehicles/" + string(apitest.VIN(900001)) + "?lang=en": "Silence is not health",
		"/vehicles/" + string(apitest.VIN(900003)) + "?lang=zh": "该车从未上报过数据",
	} {
		if a := r.get(t, path); !strings.Contains(a.body, text) {
			t.Errorf("%s does not say %q", path, text)
		}
	}
	a := r.do(t, http.MethodPut, "/v1/fleet", `{"vehicles":[{"vin":"`+string(apitest.VIN(900003))+
		`","powertrain":"bev","expected_interval":"5s"}]}`, "Content-Type", "application/json")
	want(t, a, http.StatusUnprocessableEntity)
	if !strings.Contains(a.body, "vehicles[0].expected_interval") || !strings.Contains(a.body, "1m to 87600h") {
		t.Errorf("a wrong interval: %s", a.body)
	}
}
