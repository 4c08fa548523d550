package gbt32960_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/ingest"
	"presage/ingest/gbt32960"
)

// vinEMQX is the vehicle of EMQX's documents.
const vinEMQX presage.VIN = "1G1BL52P7TR115520"

type emqxDocument struct {
	Topic string          `json:"topic"`
	Doc   json.RawMessage `json:"doc"`
}

func emqxDocuments(tb testing.TB) []emqxDocument {
	tb.Helper()
	f, err := os.Open("testdata/emqx.json")
	if err != nil {
		tb.Fatal(err)
	}
	defer f.Close()
	var out []emqxDocument
	for lines := bufio.NewScanner(f); lines.Scan(); {
		var d emqxDocument
		if err := json.Unmarshal(lines.Bytes(), &d); err != nil {
			tb.Fatal(err)
		}
		out = append(out, d)
	}
	return out
}

func decodeJSON(what string, doc string) (ingest.Decoded, error) {
	return gbt32960.NewDecoder(nil).Decode(ingest.Message{
		Topic: "gbt32960/" + string(vinEMQX) + "/upstream/" + what, Payload: []byte(doc),
	})
}

// The values are EMQX's, scaled by hand after the units in its tables.
func TestEMQXExamples(t *testing.T) {
	t.Parallel()
	want := []map[string]any{
		{"login": `{"source":"gbt32960","number":1}`},
		{"login": `{"source":"gbt32960","number":1}`},
		{"logout": `{"source":"gbt32960","number":1}`},
		{
			"GBT32960.VehicleStatus": 1.0, "GBT32960.ChargingStatus": 1.0, "GBT32960.OperatingMode": 1.0,
			presage.SignalIsCharging: true, presage.SignalSpeed: 200.0, presage.SignalOdometer: 99999900.0,
			presage.SignalPackVoltage: 500.0, presage.SignalPackCurrent: -500.0, presage.SignalStateOfCharge: 50.0,
			"GBT32960.DCDCStatus": 1.0, "GBT32960.Gear": 5.0, "Vehicle.Powertrain.Transmission.CurrentGear": 5.0,
			presage.SignalInsulation: 6000.0, "Vehicle.Chassis.Accelerator.PedalPosition": 90.0,
			"Vehicle.Chassis.Brake.PedalPosition": 0.0,
		},
		{
			"GBT32960.DriveMotor1.Status": 1.0, "GBT32960.DriveMotor1.CtrlTemp": 85.0,
			"GBT32960.DriveMotor1.Rotating": 10000.0, "GBT32960.DriveMotor1.Torque": 500.0,
			"GBT32960.DriveMotor1.MotorTemp": 85.0, "GBT32960.DriveMotor1.InputVoltage": 3001.2,
			"GBT32960.DriveMotor1.DCBusCurrent": 2120.3,
			"GBT32960.DriveMotor2.Status":       1.0, "GBT32960.DriveMotor2.CtrlTemp": 85.0,
			"GBT32960.DriveMotor2.Rotating": 10200.0, "GBT32960.DriveMotor2.Torque": 530.0,
			"GBT32960.DriveMotor2.MotorTemp": 105.0, "GBT32960.DriveMotor2.InputVoltage": 3200.0,
			"GBT32960.DriveMotor2.DCBusCurrent": 2020.0,
		},
		{
			"GBT32960.FuelCell.CellVoltage": 1000.0, "GBT32960.FuelCell.CellCurrent": 1200.0,
			"GBT32960.FuelCell.FuelConsumption": 450.0, "GBT32960.FuelCell.ProbeTemps": []float64{80, 81},
			"GBT32960.FuelCell.H_MaxTemp": 1210.0, "GBT32960.FuelCell.H_TempProbeCode": 10.0,
			"GBT32960.FuelCell.H_MaxConc": 35000.0, "GBT32960.FuelCell.H_ConcSensorCode": 11.0,
			"GBT32960.FuelCell.H_MaxPress": 50.0, "GBT32960.FuelCell.H_PressSensorCode": 12.0,
			"GBT32960.FuelCell.DCStatus": 1.0,
		},
		{
			"Vehicle.Powertrain.CombustionEngine.IsRunning": true, presage.SignalEngineSpeed: 2000.0,
			"GBT32960.Engine.FuelConsumption": 2.0,
		},
		{"Vehicle.CurrentLocation.Longitude": 0.00001, "Vehicle.CurrentLocation.Latitude": 0.0001},
		{
			"GBT32960.MaxVoltageBatteryCode": 10.0, "Vehicle.Powertrain.TractionBattery.CellVoltage.Max": 7.5,
			"GBT32960.MinVoltageBatteryCode": 11.0, "Vehicle.Powertrain.TractionBattery.CellVoltage.Min": 2.0,
			"GBT32960.MaxTempProbeNo": 12.0, presage.SignalPackTempMax: 80.0,
			"GBT32960.MinTempProbeNo": 13.0, presage.SignalPackTempMin: 0.0,
		},
		{
			"GBT32960.MaxAlarmLevel": 1.0, presage.SignalBMSWarning: 1.0,
			"alert GBT32960.temperature_difference": `{"source":"flags","level":1}`, "alert GBT32960.battery_high_temperature": `{"source":"flags","level":1}`,
			"dtc GBT32960.battery.000000C8": `{"source":"battery","level":1}`, "dtc GBT32960.engine.0000006F": `{"source":"engine","level":1}`,
		},
		{
			"GBT32960.Subsystem1.Voltage": 500.0, "GBT32960.Subsystem1.Current": 0.0,
			"GBT32960.Subsystem2.Voltage": 500.1, "GBT32960.Subsystem2.Current": -0.1,
			"GBT32960.Subsystem1.CellVoltages.From0": []float64{5}, "GBT32960.Subsystem2.CellVoltages.From1": []float64{5.001},
		},
		{
			"Vehicle.Powertrain.TractionBattery.Temperature.CellTemperature": []float64{
				-40, -40, -40, -40, -40, -40, -40, -40, -21, 96, 60,
			},
			presage.SignalPackTempMax: 96.0, presage.SignalPackTempMin: -40.0,
		},
	}
	for i, d := range emqxDocuments(t) {
		got, err := decodeJSON(d.Topic, string(d.Doc))
		if err != nil {
			t.Fatal(i, err)
		}
		all := values(got)
		for _, e := range got.Events {
			all[strings.TrimSpace(e.Type+" "+e.Code)] = string(e.Data)
		}
		if diff := cmp.Diff(want[i], all); diff != "" || len(got.Faults) > 0 || got.VIN != vinEMQX {
			t.Errorf("document %d: %+v\n%s", i, got.Faults, diff)
		}
	}
}

// A 2025 document tells its edition by what it lacks; numbers scaled by hand.
func TestEMQX2025(t *testing.T) {
	t.Parallel()
	got, err := decodeJSON("reinfo", `{"Cmd":3,"Encrypt":1,"Vin":"`+string(vinEMQX)+`","Data":{"Time":`+someTime+`,"Infos":[
		{"Type":"Vehicle","Status":1,"Charging":3,"Mode":1,"Speed":5,"Mileage":10,"Voltage":4000,"Current":30100,"SOC":80,
		 "DC":1,"Gear":142,"Resistance":65534},
		{"Type":"DriveMotor","Number":1,"Motors":[{"No":1,"Status":1,"CtrlTemp":60,"Rotating":33000,"Torque":201000,"MotorTemp":61}]},
		{"Type":"Engine","CrankshaftSpeed":900},
		{"Type":"Location","Status":6,"CoordinateSystem":2,"Longitude":1000000,"Latitude":2000000},
		{"Type":"Alarm","MaxAlarmLevel":4,"GeneralAlarmFlag":8388608,"FaultChargeableDeviceNum":0,"FaultChargeableDeviceList":[],
		 "FaultGeneralNum":1,"FaultGeneralList":[{"No":23,"Level":4}]},
		{"Type":"MinVoltageOfPowerBattery","Number":2,"SubSystems":[
		 {"BatteryPackNo":2,"BatteryPackVoltage":2000,"BatteryPackCurrent":29900,"MinParallelUnitTotal":2,"MinParallelUnitVoltage":[3302,65535]},
		 {"BatteryPackNo":1,"BatteryPackVoltage":2000,"BatteryPackCurrent":29900,"MinParallelUnitTotal":1,"MinParallelUnitVoltage":[3301]}]},
		{"Type":"TempOfPowerBattery","Number":1,"SubSystems":[{"BatteryPackNo":1,"ProbeNum":3,"ProbesTemp":[61,254,65]}]},
		{"Type":"CustomData","Data":"gA=="},{"Type":"Signature","SignatureType":1,"RLength":1,"RValue":"00","SLength":0,"SValue":""}]}}`)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"GBT32960.VehicleStatus": 1.0, "GBT32960.ChargingStatus": 3.0, "GBT32960.OperatingMode": 1.0,
		presage.SignalIsCharging: false, presage.SignalSpeed: 0.5, presage.SignalOdometer: 1000.0,
		presage.SignalPackVoltage: 400.0, presage.SignalPackCurrent: -10.0, presage.SignalStateOfCharge: 80.0,
		"GBT32960.DCDCStatus":         1.0, // gear 142 has its validity bit set, the insulation is abnormal
		"GBT32960.DriveMotor1.Status": 1.0, "GBT32960.DriveMotor1.CtrlTemp": 20.0,
		"Vehicle.Powertrain.ElectricMotor.Speed": 1000.0, "Vehicle.Powertrain.ElectricMotor.Torque": 100.0,
		"Vehicle.Powertrain.ElectricMotor.Temperature": 21.0, presage.SignalEngineSpeed: 900.0,
		"GBT32960.Location.CoordinateSystem": 2.0, "GBT32960.Location.Longitude": -1.0, "GBT32960.Location.Latitude": -2.0,
		"GBT32960.MaxAlarmLevel": 4.0, presage.SignalBMSWarning: 3.0,
		"GBT32960.Subsystem1.Voltage": 200.0, "GBT32960.Subsystem1.Current": 10.0,
		"GBT32960.Subsystem2.Voltage": 200.0, "GBT32960.Subsystem2.Current": 10.0,
		presage.SignalCellVoltages:                           []float64{3.301, 3.302, 0},
		"Vehicle.Powertrain.TractionBattery.CellVoltage.Max": 3.302, "Vehicle.Powertrain.TractionBattery.CellVoltage.Min": 3.301,
		"Vehicle.Powertrain.TractionBattery.Temperature.CellTemperature": []float64{21, -273.15, 25},
		presage.SignalPackTempMax: 25.0, presage.SignalPackTempMin: 21.0,
	}
	if diff := cmp.Diff(want, values(got)); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"alert GBT32960.thermal_event"}, codes(got.Events)); diff != "" {
		t.Error(diff)
	}
	for _, unmeasured := range []struct {
		signal string
		x      float64
	}{{presage.SignalCellVoltages, 0}, {"Vehicle.Powertrain.TractionBattery.Temperature.CellTemperature", -273.15}} {
		if spec, ok := presage.LookupSignal(unmeasured.signal); !ok || spec.Valid(unmeasured.x) {
			t.Errorf("%g may reach a model as %s", unmeasured.x, unmeasured.signal)
		}
	}
}

const someTime = `{"Year":25,"Month":10,"Day":27,"Hour":20,"Minute":2,"Second":2}`

func TestBadDocuments(t *testing.T) {
	t.Parallel()
	doc := func(cmd, vin, data string) string {
		return `{"Cmd":` + cmd + `,"Encrypt":1,"Vin":"` + vin + `","Data":{` + data + `}}`
	}
	vin, at := string(vinEMQX), `"Time":`+someTime
	for name, tt := range map[string]struct{ what, doc, reason string }{
		"no JSON":         {"info", `{"Cmd"`, ingest.ReasonMalformed},
		"not an object":   {"info", `[]`, ingest.ReasonMalformed},
		"foreign VIN":     {"info", doc("2", string(vinA), at), ingest.ReasonForeignVIN},
		"small letters":   {"info", doc("2", strings.ToLower(vin), at), ingest.ReasonForeignVIN},
		"no VIN":          {"info", `{"Cmd":2,"Data":{` + at + `}}`, ingest.ReasonForeignVIN},
		"enciphered":      {"info", `{"Cmd":2,"Encrypt":3,"Vin":"` + vin + `","Data":{` + at + `}}`, gbt32960.ReasonEncrypted},
		"no time":         {"info", doc("2", vin, `"Infos":[]`), ingest.ReasonMissingTime},
		"31 February":     {"info", doc("2", vin, `"Time":{"Year":25,"Month":2,"Day":31}`), ingest.ReasonMissingTime},
		"another command": {"info", doc("1", vin, at), gbt32960.ReasonUnknownCommand},
		"answer topic":    {"response", doc("128", vin, at), ingest.ReasonBadTopic},
		"too large":       {"info", strings.Repeat(" ", 1<<20) + "{}", ingest.ReasonTooLarge},
		"fraction":        {"info", doc("2", vin, at+`,"Infos":[{"Type":"Vehicle","Speed":1.5}]`), ingest.ReasonBadValue},
		"too many bits":   {"info", doc("2", vin, at+`,"Infos":[{"Type":"Vehicle","SOC":256}]`), ingest.ReasonBadValue},
		"list of none":    {"info", doc("2", vin, at+`,"Infos":[{"Type":"DriveMotor","Motors":{}}]`), ingest.ReasonBadValue},
		"list of numbers": {"info", doc("2", vin, at+`,"Infos":[{"Type":"DriveMotor","Motors":[1]}]`), ingest.ReasonBadValue},
		"bad cell":        {"info", doc("2", vin, at+`,"Infos":[{"Type":"ChargeableVoltage","SubSystems":[{"CellsVoltage":[-1]}]}]`), ingest.ReasonBadValue},
		"unknown type":    {"info", doc("2", vin, at+`,"Infos":[{"Type":"Sail"},null]`), gbt32960.ReasonUnknownInfo},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := decodeJSON(tt.what, tt.doc)
			reason := ""
			if refused, ok := errors.AsType[*ingest.RefusedError](err); ok {
				reason = refused.Reason
			} else if len(got.Faults) > 0 {
				reason = got.Faults[0].Reason
			}
			if reason != tt.reason || len(got.Samples) > 0 {
				t.Errorf("%v %+v: reason %q, want %q", err, got, reason, tt.reason)
			}
		})
	}
}
