package recorded_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"presage"
	"presage/simulator/recorded"
)

const (
	carOBDHeader = "trip,sample,engine_run_time,engine_rpm,vehicle_speed,throttle,engine_load,coolant_temperature," +
		"long_term_fuel_trim_bank_1,short_term_fuel_trim_bank_1,intake_manifold_pressure,fuel_tank,absolute_throttle_b," +
		"pedal_d,pedal_e,commanded_throttle_actuator,fuel_air_commanded_equiv_ratio,absolute_barometric_pressure," +
		"relative_throttle_position,intake_air_temp,timing_advance,catalyst_temperature_bank1_sensor1," +
		"catalyst_temperature_bank1_sensor2,control_module_voltage,commanded_evaporative_purge,time_run_with_mil_on," +
		"time_since_trouble_codes_cleared,distance_traveled_with_mil_on,warm_ups_since_codes_cleared"
	kitHeader = "trip,time,engine_coolant_temperature_c,intake_manifold_absolute_pressure_kpa,engine_rpm_rpm," +
		"vehicle_speed_sensor_km_h,intake_air_temperature_c,air_flow_rate_from_mass_flow_sensor_g_s," +
		"absolute_throttle_position,ambient_air_temperature_c,accelerator_pedal_position_d,accelerator_pedal_position_e"
	kitSlice = "../../testdata/obd_seat_leon/kit_obd_1hz.csv.gz"
)

// numbers is 1,2,3,... as the fields of a row.
func numbers(n int) string {
	var fields []string
	for i := range n {
		fields = append(fields, strconv.Itoa(i+1))
	}
	return strings.Join(fields, ",")
}

func TestCarOBDPlacesTrips(t *testing.T) {
	t.Parallel()
	row := func(trip string, sample int) string { return trip + "," + strconv.Itoa(sample) + "," + numbers(27) }
	a := file(t, "a.csv", carOBDHeader, row("drive1", 0), row("drive1", 1), row("drive9", 0), row("drive9", 0))
	b := file(t, "b.csv", carOBDHeader, row("drive9", 5), row("live1", 3))
	all, r := read(t, "carobd", []string{a, b}, recorded.Options{})
	var seconds []int64
	for _, s := range all {
		seconds = append(seconds, (s.TS-all[0].TS)/1000)
	}
	// Seven hours after the end of the trip before; a row that says the same at the same second is a repeat.
	if diff := cmp.Diff([]int64{0, 1, 25201, 25201, 25206, 50406}, seconds); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(recorded.Counts{Rows: 6, Distinct: 5}, r.Counts()); diff != "" {
		t.Error(diff)
	}
	if want := time.Date(2019, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli(); all[0].TS != want {
		t.Errorf("first row at %d, want %d", all[0].TS, want)
	}
	got := all[0].Signals
	if len(got) != 27 || got["Vehicle.OBD.RunTime"] != 1.0 || got[presage.SignalModuleVoltage] != 22.0 ||
		got[presage.SignalEngineSpeed] != 2.0 || got["Vehicle.OBD.WarmupsSinceDTCClear"] != 27.0 {
		t.Errorf("signals %v", got)
	}
}

func TestKITOBDReadsTheSlice(t *testing.T) {
	t.Parallel()
	all, r := read(t, "kit-obd", []string{kitSlice}, recorded.Options{})
	// 601 rows, 5 empty cells: testdata/obd_seat_leon/PROVENANCE.md.
	if diff := cmp.Diff(recorded.Counts{Rows: 601, Distinct: 601, Missing: 5}, r.Counts()); diff != "" {
		t.Error(diff)
	}
	// The first and the last line of the file; Karlsruhe has UTC+2 in July.
	first := at(t, all, "2017-07-14T08:19:47+02:00")
	want := map[string]any{
		"Vehicle.OBD.CoolantTemperature": 22.0, "Vehicle.OBD.MAP": 98.0, presage.SignalEngineSpeed: 0.0,
		presage.SignalSpeed: 0.0, "Vehicle.OBD.IntakeTemp": 15.0,
	}
	if diff := cmp.Diff(want, first.Signals); diff != "" {
		t.Error(diff)
	}
	last := at(t, all, "2017-07-14T08:31:58+02:00")
	if last.Signals[presage.SignalSpeed] != 32.0 || last.Signals[presage.SignalAmbient] != 18.0 || last.Signals["Vehicle.OBD.MAF"] != 18.16 {
		t.Errorf("last row %v", last.Signals)
	}
}

func TestKITOBDTripsInTimeOrderAndPastMidnight(t *testing.T) {
	t.Parallel()
	v := "," + numbers(10)
	path := file(t, "kit.csv", kitHeader,
		"2018-02-14_Late,23:59:59"+v, "2018-02-14_Late,00:00:00"+v, "2018-02-14_Late,00:00:01"+v,
		"2018-02-14_Early,07:00:00"+v,
	)
	all, _ := read(t, "kit-obd", []string{path}, recorded.Options{})
	var got []string
	for _, s := range all {
		got = append(got, time.UnixMilli(s.TS).UTC().Format(time.RFC3339))
	}
	want := []string{"2018-02-14T06:00:00Z", "2018-02-14T22:59:59Z", "2018-02-14T23:00:00Z", "2018-02-14T23:00:01Z"}
	if diff := cmp.Diff(want, got); diff != "" { // UTC+1 in February
		t.Error(diff)
	}
}
