package config_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/cmd/presage/config"
)

func TestBrands(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		rows []string
		want map[string]presage.Text
		says string
	}{
		"none":              {nil, map[string]presage.Text{}, ""},
		"two languages":     {[]string{"Norvik = 诺维克服务 | Norvik Service"}, map[string]presage.Text{"norvik": {ZH: "诺维克服务", EN: "Norvik Service"}}, ""},
		"one name for both": {[]string{"BYD=BYD Care"}, map[string]presage.Text{"byd": {ZH: "BYD Care", EN: "BYD Care"}}, ""},
		"no make":           {[]string{"=Norvik"}, nil, "want MAKE=NAME"},
		"no name":           {[]string{"Norvik"}, nil, "want MAKE=NAME"},
		"twice":             {[]string{"Norvik=A", "norvik=B"}, nil, "duplicate make"},
		"a bracket":         {[]string{"Norvik=【A】"}, nil, "without 【】"},
		"too long":          {[]string{"Norvik=" + strings.Repeat("n", 21)}, nil, "1-20 characters"},
	} {
		got, err := config.Outreach{Brands: tc.rows}.BrandOf()
		if tc.says == "" && (err != nil || !cmp.Equal(got, tc.want)) {
			t.Errorf("%s: %v, %v", name, got, err)
		}
		if tc.says != "" && (!errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), tc.says)) {
			t.Errorf("%s: %v, want %q", name, err, tc.says)
		}
	}
}
