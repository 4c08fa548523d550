package api_test

import (
	"archive/zip"
	"net/http"
	"strings"
	"testing"
)

// A customer's data is there until it is erased, for who holds the key.
func TestPersonalData(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const path = "/v1/customers/c-1"
	data := r.get(t, path+"/personal-data")
	want(t, data, http.StatusOK)
	if !strings.Contains(data.body, `"customers"`) {
		t.Errorf("no table of customers in %s", data.body)
	}
	files := r.get(t, path+"/personal-data.zip?telemetry=true")
	want(t, files, http.StatusOK)
	if files.Header.Get("Cache-Control") != "no-store" {
		t.Error("the file may be kept on its way")
	}
	if _, err := zip.NewReader(strings.NewReader(files.body), int64(len(files.body))); err != nil {
		t.Errorf("the file does not open: %v", err)
	}
	said := `{"push":false,"sms":true,"call":false,"purposes":{"service":{"push":false,"sms":false,"call":false}},` +
		`"preferred_channels":["sms","push"],"source":"letter","evidence":"scan 17"}`
	want(t, r.do(t, http.MethodPut, path+"/consent", said, "Content-Type", "application/json"), http.StatusOK)
	kept := r.get(t, path+"/consent")
	want(t, kept, http.StatusOK)
	if !strings.Contains(kept.body, `"evidence":"scan 17"`) || !strings.Contains(kept.body, `"service"`) ||
		!strings.Contains(kept.body, `"preferred_channels":["sms","push"]`) {
		t.Errorf("kept %s", kept.body)
	}
	wrong := strings.Replace(said, `"service"`, `"fun"`, 1)
	want(t, r.do(t, http.MethodPut, path+"/consent", wrong, "Content-Type", "application/json"), http.StatusUnprocessableEntity)
	wrong = strings.Replace(said, `"sms","push"`, `"sms","sms","pigeon"`, 1)
	refused := r.do(t, http.MethodPut, path+"/consent", wrong, "Content-Type", "application/json")
	want(t, refused, http.StatusUnprocessableEntity)
	if !strings.Contains(refused.body, "preferred_channels[1]") || !strings.Contains(refused.body, "preferred_channels[2]") {
		t.Errorf("not every fault is named: %s", refused.body)
	}
	want(t, r.do(t, http.MethodDelete, path+"?who=letter", ""), http.StatusOK)
	want(t, r.get(t, path+"/personal-data"), http.StatusNotFound)
	want(t, r.do(t, http.MethodDelete, path, ""), http.StatusNotFound)
}
