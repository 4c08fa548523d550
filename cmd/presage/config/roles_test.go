package config_test

import (
	"slices"
	"testing"

	"presage"
	"presage/cmd/presage/config"
)

func TestRoles(t *testing.T) {
	t.Parallel()
	outside := []string{
		"PRESAGE_DATABASE_URL=postgres://presage@127.0.0.1/presage", "PRESAGE_INFLUX_URL=http://127.0.0.1:8086",
		"PRESAGE_HTTP_PUBLIC_URL=https://service.example", "PRESAGE_HTTP_ADMIN_KEY=k7w2m9x4c6v8b3n5z2q7r4t6",
	}
	for name, tc := range map[string]struct {
		roles string
		env   []string
		fault string // the key that is named, "" for none
	}{
		"some":                    {"score, ingest", outside, ""},
		"one":                     {"score", outside, ""},
		"all":                     {"ingest,score,outreach,forecast,api", nil, ""},
		"unknown":                 {"score,lunch", outside, "roles"},
		"twice":                   {"score,score", outside, "roles"},
		"embedded telemetry":      {"score,api", outside[:1], "roles"},
		"embedded database":       {"score,api", outside[1:2], "roles"},
		"links that lead nowhere": {"score,outreach", outside[:2], "http.public_url"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, err := config.Load(t.Context(), nil, tc.env, map[string]string{"roles": tc.roles})
			if tc.fault == "" {
				if err != nil {
					t.Fatal(err)
				}
				if !e.Does(presage.ProcessScore) || e.Does("lunch") {
					t.Errorf("roles %v", e.Roles)
				}
				return
			}
			faults, ok := err.(config.Errors) //nolint:errorlint // it is what Load returns
			if !ok || !slices.ContainsFunc(faults, func(f config.Fault) bool { return f.Key == tc.fault }) {
				t.Errorf("%v, want a fault of %s", err, tc.fault)
			}
		})
	}
}
