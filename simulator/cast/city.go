package cast

import (
	"fmt"
	"time"

	"presage"
	"presage/simulator/physics"
)

// City is where cars live.
type City struct {
	Name      presage.Text
	Zone      *time.Location
	Climate   physics.Climate
	Roughness float64 // of its roads, 1 ordinary
	Europe    bool
	plate     string // what the licence plates of its cars begin with
	depot     string
	workshops []string // IDs
	weight    int
}

// cities returns the places of the fleet; the weather follows the seed.
func cities(seed uint64) ([]City, error) {
	list := []City{
		{
			Name:    presage.Text{ZH: "上海", EN: "Shanghai"},
			Climate: physics.Climate{Mean: 17.6, Season: 12, Daily: 3.5, Weather: 2.6, East: 8, Seed: seed ^ 0x51},
			depot:   "dp-east", workshops: []string{"ws-sh-1", "ws-sh-2"}, weight: 45, Roughness: 0.95, plate: "沪I·",
		},
		{
			Name:    presage.Text{ZH: "深圳", EN: "Shenzhen"},
			Climate: physics.Climate{Mean: 23.4, Season: 6.8, Daily: 3, Weather: 1.9, East: 7.6, Seed: seed ^ 0x52},
			depot:   "dp-south", workshops: []string{"ws-sz-1"}, weight: 27, Roughness: 1.1, plate: "粤I·",
		},
		{
			Name:    presage.Text{ZH: "柏林", EN: "Berlin"},
			Climate: physics.Climate{Mean: 10.6, Season: 9.8, Daily: 4.2, Weather: 3.4, East: 0.9, Seed: seed ^ 0x53},
			depot:   "dp-berlin", workshops: []string{"ws-be-1"}, weight: 28, Roughness: 1.05, Europe: true,
			plate: "B IQ ",
		},
	}
	zones := []string{"Asia/Shanghai", "Asia/Shanghai", "Europe/Berlin"}
	for i, z := range zones {
		loc, err := time.LoadLocation(z)
		if err != nil {
			return nil, fmt.Errorf("simulator city: %w", err)
		}
		list[i].Zone = loc
	}
	return list, nil
}

// workshops returns the four workshops of the three cities.
func workshops() []presage.Workshop {
	hv := []string{"hv"}
	daily := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	early := []presage.WeekHours{{Days: daily, From: "08:00", To: "16:30"}}
	late := []presage.WeekHours{{Days: daily, From: "10:30", To: "20:00"}}
	lift, both := []string{"lift"}, []string{"hv", "lift"}
	return []presage.Workshop{
		{
			ID: "ws-sh-1", Name: presage.Text{ZH: "浦东服务中心", EN: "Pudong Service Centre"},
			Address: presage.Text{ZH: "上海市浦东新区示例路 18 号", EN: "18 Example Road, Pudong, Shanghai"},
			Phone:   "+862155550118", Place: &presage.Place{Lat: 31.2215, Lon: 121.5440}, Stays: presage.Stays(),
			Zone: "Asia/Shanghai", DepotID: "dp-east", OpenHour: 8, CloseHour: 19,
			Holidays: "CN", Bays: []presage.Bay{
				{ID: "sh1-bay-1", Kinds: both},
				{ID: "sh1-bay-2", Kinds: lift},
				{ID: "sh1-bay-3"},
				van("sh1-bay-van", 25),
			},
			Technicians: []presage.Technician{
				{ID: "sh1-t1", Name: "陆海明", Skills: hv, Level: 3},
				{ID: "sh1-t2", Name: "贺思远", Level: 2, Shifts: early},
				{ID: "sh1-t3", Name: "沈立群", Level: 3, Shifts: late},
			},
		},
		{
			ID: "ws-sh-2", Name: presage.Text{ZH: "徐汇快修店", EN: "Xuhui Quick Service"},
			Address: presage.Text{ZH: "上海市徐汇区样例街 7 号", EN: "7 Sample Street, Xuhui, Shanghai"},
			Phone:   "+862155550107", Place: &presage.Place{Lat: 31.1884, Lon: 121.4365}, Stays: presage.Stays()[:2],
			Zone: "Asia/Shanghai", DepotID: "dp-east", OpenHour: 9, CloseHour: 20,
			ClosedOn: []time.Weekday{time.Monday}, Holidays: "CN", Bays: []presage.Bay{
				{ID: "sh2-bay-1", Kinds: both}, {ID: "sh2-bay-2", Kinds: lift},
			},
			Technicians: []presage.Technician{
				{ID: "sh2-t1", Name: "钱嘉木", Skills: hv, Level: 3},
				{ID: "sh2-t2", Name: "尤文博", Level: 2},
			},
		},
		{
			ID: "ws-sz-1", Name: presage.Text{ZH: "南山服务中心", EN: "Nanshan Service Centre"},
			Address: presage.Text{ZH: "深圳市南山区示例大道 66 号", EN: "66 Example Avenue, Nanshan, Shenzhen"},
			Phone:   "+8675555550166", Place: &presage.Place{Lat: 22.5333, Lon: 113.9300}, Stays: presage.Stays(),
			Zone: "Asia/Shanghai", DepotID: "dp-south", OpenHour: 8, CloseHour: 18,
			ClosedOn: []time.Weekday{time.Sunday}, Holidays: "CN", Bays: []presage.Bay{
				{ID: "sz1-bay-1", Kinds: both}, {ID: "sz1-bay-2", Kinds: lift}, van("sz1-bay-van", 20),
			},
			Technicians: []presage.Technician{
				{ID: "sz1-t1", Name: "邹启航", Skills: hv, Level: 3},
				{ID: "sz1-t2", Name: "龙一诺", Skills: hv, Level: 3},
				{ID: "sz1-t3", Name: "温如玉", Level: 2},
			},
		},
		berlin(),
	}
}

// berlin closes for half an hour at noon, and early on Saturday.
func berlin() presage.Workshop {
	hv, weekdays := []string{"hv"}, []time.Weekday{1, 2, 3, 4, 5}
	lift, both := []string{"lift"}, []string{"hv", "lift"}
	return presage.Workshop{
		ID: "ws-be-1", Name: presage.Text{ZH: "柏林服务中心", EN: "Berlin Service Centre"},
		Address: presage.Text{ZH: "柏林样例街 12 号", EN: "Beispielstrasse 12, Berlin"},
		Phone:   "+493055550112", Place: &presage.Place{Lat: 52.5200, Lon: 13.4050}, Stays: presage.Stays(),
		Zone: "Europe/Berlin", DepotID: "dp-berlin", OpenHour: 8, CloseHour: 18,
		ClosedOn: []time.Weekday{time.Sunday}, Holidays: "DE", Week: []presage.WeekHours{
			{Days: weekdays, From: "08:00", To: "12:00"},
			{Days: weekdays, From: "12:30", To: "18:00"},
			{Days: []time.Weekday{time.Saturday}, From: "08:00", To: "14:00"},
		},
		Bays: []presage.Bay{
			{ID: "be1-bay-1", Kinds: both}, {ID: "be1-bay-2", Kinds: lift}, van("be1-bay-van", 20),
		},
		Technicians: []presage.Technician{
			{ID: "be1-t1", Name: "Jonte Brakel", Skills: hv, Level: 3},
			{ID: "be1-t2", Name: "Milla Ostberg", Level: 2},
			{ID: "be1-t3", Name: "Tarik Yolan", Level: 1},
		},
	}
}

// van comes to cars within a distance in km.
func van(id string, km presage.Kilometre) presage.Bay {
	return presage.Bay{ID: id, Kinds: []string{presage.BayVan}, RadiusKm: km}
}

func depots() []presage.Depot {
	return []presage.Depot{
		{ID: "dp-east", Name: presage.Text{ZH: "华东配件库", EN: "East China Depot"}, Region: "CN-East"},
		{ID: "dp-south", Name: presage.Text{ZH: "华南配件库", EN: "South China Depot"}, Region: "CN-South"},
		{ID: "dp-berlin", Name: presage.Text{ZH: "柏林配件库", EN: "Berlin Depot"}, Region: "EU-Central"},
	}
}
