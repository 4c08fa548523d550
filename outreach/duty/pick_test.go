package duty_test

import (
	"testing"
	"time"

	"presage"
	"presage/outreach/duty"
)

func adviser(id string, langs []presage.Lang, skills ...string) presage.Adviser {
	return presage.Adviser{ID: id, Name: id, Languages: langs, Skills: skills, Zone: "Asia/Shanghai", FromHour: 9, ToHour: 18}
}

func TestPick(t *testing.T) {
	t.Parallel()
	zh, en := []presage.Lang{presage.Chinese}, []presage.Lang{presage.English}
	both := []presage.Lang{presage.Chinese, presage.English}
	now := time.Date(2026, 11, 2, 2, 0, 0, 0, time.UTC) // Monday 10:00 in Shanghai
	away := adviser("away", both, "hv", "safety")
	away.AbsentUntil = now.Add(time.Minute)
	elsewhere := adviser("elsewhere", both, "hv", "safety")
	elsewhere.Workshops = []string{"w2"}
	night := adviser("night", both, "hv", "safety")
	night.FromHour, night.ToHour = 18, 24
	off := adviser("off", both, "hv", "safety")
	off.OffOn = []time.Weekday{time.Monday}
	all := []presage.Adviser{
		adviser("a", zh), adviser("b", en), adviser("c", both, "safety"), adviser("d", en, "hv", "safety"), away, elsewhere, night, off,
	}
	loads := map[string]presage.AdviserLoad{"b": {Open: 2}, "c": {Open: 5}, "d": {Open: 9}}
	for name, c := range map[string]struct {
		need duty.Need
		want string
	}{
		"the language first":            {duty.Need{WorkshopID: "w1", Lang: presage.Chinese}, "a"},
		"the least to do":               {duty.Need{WorkshopID: "w1", Lang: presage.English}, "b"},
		"skills before load":            {duty.Need{WorkshopID: "w1", Lang: presage.English, Skills: []string{"safety"}}, "c"},
		"all skills":                    {duty.Need{WorkshopID: "w1", Lang: presage.English, Skills: []string{"hv", "safety"}}, "d"},
		"language before skills":        {duty.Need{WorkshopID: "w1", Lang: presage.Chinese, Skills: []string{"hv"}}, "a"},
		"who has what belongs to it":    {duty.Need{WorkshopID: "w1", Lang: presage.Chinese, Prefer: "d"}, "d"},
		"not who is away":               {duty.Need{WorkshopID: "w1", Lang: presage.English, Prefer: "away"}, "b"},
		"of the workshop, and free too": {duty.Need{WorkshopID: "w2", Lang: presage.English}, "elsewhere"},
	} {
		got, why, ok := duty.Pick(all, loads, c.need, now)
		if !ok || got.Name != c.want || why.Args["owner"] != c.want {
			t.Errorf("%s: %s because %v, want %s", name, got.Name, why, c.want)
		}
	}
	if _, _, ok := duty.Pick(all, loads, duty.Need{}, now.Add(15*time.Hour)); ok {
		t.Error("somebody is on duty at one in the morning")
	}
}

// Equal advisers take turns: what is given counts at once.
func TestPickIsFair(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 2, 2, 0, 0, 0, time.UTC)
	en := []presage.Lang{presage.English}
	all := []presage.Adviser{adviser("c", en), adviser("a", en), adviser("b", en)}
	loads, order := map[string]presage.AdviserLoad{}, ""
	for range 6 {
		got, _, _ := duty.Pick(all, loads, duty.Need{Lang: presage.English}, now)
		order += got.ID
		loads[got.Name] = presage.AdviserLoad{Open: loads[got.Name].Open + 1, Lately: loads[got.Name].Lately + 1}
	}
	if order != "abcabc" {
		t.Errorf("given to %s, want abcabc", order)
	}
}
