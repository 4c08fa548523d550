package api_test

import (
	"net/http"
	"strings"
	"testing"

	"presage"
)

func TestDevices(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	const path = "/v1/customers/c-1/devices"
	phone := `{"id":"phone-1","platform":"ios","token":"secrettoken"}`
	for range 2 {
		got := r.do(t, http.MethodPut, path, phone)
		want(t, got, http.StatusOK)
		if strings.Contains(got.body, "secrettoken") {
			t.Errorf("the token is shown: %s", got.body)
		}
	}
	list := r.get(t, path)
	want(t, list, http.StatusOK)
	if strings.Count(list.body, "phone-1") != 1 || strings.Contains(list.body, "secrettoken") {
		t.Errorf("the list is %s", list.body)
	}
	want(t, r.do(t, http.MethodPut, "/v1/customers/c-2/devices", phone), http.StatusOK)
	if list := r.get(t, path); strings.Contains(list.body, "phone-1") {
		t.Errorf("a token that moved stayed: %s", list.body)
	}
	want(t, r.do(t, http.MethodDelete, "/v1/customers/c-2/devices/phone-1", ""), http.StatusNoContent)
	want(t, r.do(t, http.MethodDelete, "/v1/customers/c-2/devices/phone-1", ""), http.StatusNotFound)
	want(t, r.do(t, http.MethodPut, "/v1/customers/nobody/devices", phone), http.StatusNotFound)
	want(t, r.get(t, "/v1/customers/nobody/devices"), http.StatusNotFound)
	bad := r.do(t, http.MethodPut, path, `{"id":"a\u0001b","platform":"ios","token":"x\u0001y"}`)
	want(t, bad, http.StatusUnprocessableEntity)
	for _, field := range []string{"body.id", "body.token"} {
		if !strings.Contains(bad.body, field) {
			t.Errorf("%s is not named in %s", field, bad.body)
		}
	}
}

// A maker's backend reports what its app did with a message.
func TestReportMessage(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	list, err := r.world.Messages(t.Context(), presage.MessageFilter{Limit: 1})
	if err != nil || len(list) == 0 {
		t.Fatalf("no message to report: %v", err)
	}
	path := "/v1/messages/" + list[0].ID + "/receipts"
	want(t, r.do(t, http.MethodPost, path, `{"event":"opened"}`), http.StatusNoContent)
	if m, err := r.world.Message(t.Context(), list[0].ID); err != nil || m.State != presage.MessageSeen {
		t.Errorf("the message is %s, %v", m.State, err)
	}
	want(t, r.do(t, http.MethodPost, path, `{"event":"burnt"}`), http.StatusUnprocessableEntity)
	want(t, r.do(t, http.MethodPost, "/v1/messages/none/receipts", `{"event":"opened"}`), http.StatusNotFound)
}
