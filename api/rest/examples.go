package rest

import (
	"time"

	"presage"
	"presage/api/explain"
)

// The examples of the API's description. They are one part of a made-up plan.

func exampleForecast() presage.PartForecast {
	quantiles := map[string]float64{"0.1": 33, "0.5": 44, "0.9": 55, "0.95": 59}
	drivers := []presage.DemandDriver{
		{Name: "booked", Mean: 9, Vehicles: 9}, {Name: "predicted", Mean: 31, Vehicles: 612}, {Name: "history", Mean: 4},
	}
	return presage.PartForecast{
		Part: "BP-F-2041", DepotID: "d-east", Region: "east", AsOf: time.Date(2026, 11, 21, 2, 30, 0, 0, time.UTC),
		HorizonDays: 30, Mean: 44, StdDev: 8.4, Quantiles: quantiles, Drivers: drivers,
		Horizons:     []presage.DemandStep{{Days: 30, Mean: 44, StdDev: 8.4, Quantiles: quantiles, Drivers: drivers}},
		FleetWeight:  0.81,
		Stock:        presage.Stock{DepotID: "d-east", Part: "BP-F-2041", OnHand: 18, Reserved: 5},
		ReorderPoint: 26, OrderNow: 24,
		Advice: presage.ReorderAdvice{
			Policy: "fill_rate", Target: 0.97, Position: 13, OrderUpTo: 37, LeadTimeDays: 12, LeadTimeP90: 17,
			StockOutRisk: 0.87, DaysOfSupply: 12.3, Cost: presage.Money{Minor: 288000, Currency: "CNY"},
			ExcessValue: presage.Money{Currency: "CNY"},
		},
	}
}

const exampleForecastCSV = `part,name_zh,name_en,depot,as_of,horizon_days,mean,std_dev,q0.1,q0.5,q0.9,q0.95,...
BP-F-2041,前制动摩擦片套件,Front brake pads kit,d-east,2026-11-21T02:30:00Z,30,44,8.4,33,44,55,59,...
`

func exampleOutlook() outlook {
	f := exampleForecast()
	week := presage.DemandStep{
		Days: 7, Mean: 11.2, StdDev: 4, Quantiles: map[string]float64{"0.1": 6, "0.5": 11, "0.9": 16},
	}
	return outlook{
		Forecast: f,
		Explanation: []explain.Sentence{{Of: "mean", Text: presage.Text{
			ZH: "31 件（共 44 件）来自 612 辆车的预测需求；9 件来自已预约的到店；4 件来自历史用量",
			EN: "31 of 44 expected from what is predicted for 612 vehicles; 9 from booked visits; 4 from history",
		}}},
		Weeks:   []presage.DemandStep{week},
		History: []presage.DemandWeek{{From: presage.DayOf(f.AsOf) - 7, Pieces: 9}},
		Past: []presage.PastForecast{{
			Part: f.Part, DepotID: f.DepotID, AsOf: f.AsOf.AddDate(0, 0, -35), HorizonDays: 30, Mean: 41, P10: 31, P50: 41,
			P90: 51, Actual: 38, RPS: 2.1, FleetRPS: 2.4, HistoryRPS: 3.3,
		}},
		Accuracy: []presage.ForecastAccuracy{{
			Of: "model", Forecasts: 12, Bias: 0.04, MAE: 4.7, RPS: 2.9, Inside80: 0.83,
		}},
		Overrides: []presage.DemandOverride{exampleOverride()},
	}
}

const exampleOutlookCSV = `part,depot,region,kind,from,days,mean,actual,q0.1,q0.5,q0.9
BP-F-2041,d-east,east,history,2026-11-14,7,,9,,,
BP-F-2041,d-east,east,week,2026-11-21,7,11.2,,6,11,16
`

func exampleOverride() presage.DemandOverride {
	at := time.Date(2026, 11, 18, 9, 0, 0, 0, time.UTC)
	return presage.DemandOverride{
		ID: 7, Part: "BP-F-2041", DepotID: "d-east", Mean: 60, Days: 30, Until: presage.DayOf(at) + 40, By: "Zhao Min",
		Why: "Campaign at the Pudong centre", CreatedAt: at,
	}
}

func exampleReorder() presage.ReorderRow {
	row := (&presage.Catalogue{}).ReorderRows(nil)(exampleForecast(), presage.Text{})
	row.Name, row.Packs = presage.Text{ZH: "前制动摩擦片套件", EN: "Front brake pads kit"}, 6
	row.Depot = presage.Text{ZH: "华东配件中心", EN: "East China depot"}
	row.Reason = presage.Text{
		ZH: "位置 13 件，低于再订货点 26：订 24 件（6 包，每包 4 件），补到 37 件，费用 CNY 2880.00",
		EN: "The position of 13 is below the reorder point of 26: order 24 (6 packs of 4) to reach 37, for CNY 2880.00",
	}
	return row
}

const exampleReorderCSV = `part,name_zh,name_en,depot,region,position,on_hand,reserved,on_order,reorder_point,...
BP-F-2041,前制动摩擦片套件,Front brake pads kit,d-east,east,13,18,5,0,26,...
`
