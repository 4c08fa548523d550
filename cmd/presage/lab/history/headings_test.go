package history_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"presage"
	"presage/cmd/presage/lab/history"
)

func TestHeadingsAreRead(t *testing.T) {
	t.Parallel()
	for header, says := range map[string]string{
		"part,2024-01,2024-02,2024-03":                    "",
		"part,2023-11,2023-12,2024-01":                    "",
		"part,2024-01-31,2024-02-29,2024-03-31":           "",
		"part,2024-01-01,2024-01-08,2024-01-15":           "",
		"part,2020-W52,2020-W53,2021-W01":                 "",
		"part,2024Q3,2024Q4,2025Q1":                       "",
		"part,2024年11月,2024年12月,2025年1月":                  "",
		"part,m08,m09,m10":                                "",
		"part,2019,2020,2021":                             "",
		"part,Nov 2023,Dec 2023,Jan 2024":                 "",
		"part,a,b":                                        "",
		"part,2024-07,2024-06,2024-05":                    `history.csv line 1, column "2024-07": the periods run from the newest`,
		"# pieces a month\npart,2024-02,2024-01":          `history.csv line 2, column "2024-02": the periods run from the newest`,
		"part,w3,w2,w1":                                   `column "w3": the periods run from the newest`,
		"part,2024-01,2024-02,2024-09":                    `column "2024-09": follows "2024-02", with a gap`,
		"part,2024-01-01,2024-01-08,2024-01-22":           `column "2024-01-22": follows "2024-01-08", with a gap`,
		"part,2024-01,2024-03,2024-02,2024-04":            `column "2024-02": comes after "2024-03"`,
		"part,price,p1,p2,p3":                             `column "price": not a period`,
		"part,2024-01,2024-02,total":                      `column "total": not a period`,
		"part,m1,m2,m4":                                   `column "m4": follows "m2"`,
		"part,2024-01,2024-02,2024-13":                    `column "2024-13": not a period`,
		"part,,2024-01,2024-02":                           `column "": not a period`,
		"part,lead_time_2,2024-01,2024-02,2024-03,stock1": `column "lead_time_2": not a period`,
	} {
		name := filepath.Join(t.TempDir(), "history.csv")
		text := header + "\nA" + strings.Repeat(",1", strings.Count(header, ",")) + "\n"
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		_, err := history.Read(name)
		if says == "" {
			if err != nil {
				t.Errorf("%s: %v", header, err)
			}
		} else if !errors.Is(err, presage.ErrInvalid) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", header, err, says)
		}
	}
}
