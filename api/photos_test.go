package api_test

import (
	"bytes"
	"image"
	"image/jpeg"
	"mime/multipart"
	"net/http"
	"net/textproto"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"presage"
)

// snapshot is a JPEG of a size and a shade with what a camera writes beside it.
func snapshot(t *testing.T, w, h int, shade byte) string {
	t.Helper()
	p := image.NewGray(image.Rect(0, 0, w, h))
	for i := range p.Pix {
		p.Pix[i] = shade
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, p, nil); err != nil {
		t.Fatal(err)
	}
	data := out.String()
	const note = "Exif\x00\x00GPS 52.52 N"
	return data[:2] + "\xFF\xE1\x00" + string(rune(len(note)+2)) + note + data[2:]
}

// picked is a file of a form.
type picked struct{ name, data string }

// upload sends a form with files as a browser does, the fields first.
func (r *rig) upload(t *testing.T, path string, fields url.Values, files []picked, header ...string) answer {
	t.Helper()
	var out bytes.Buffer
	w := multipart.NewWriter(&out)
	for name, values := range fields {
		for _, v := range values {
			if err := w.WriteField(name, v); err != nil {
				t.Fatal(err)
			}
		}
	}
	for _, f := range files {
		part, err := w.CreatePart(textproto.MIMEHeader{
			"Content-Disposition": {`form-data; name="photo"; filename="` + f.name + `"`}, "Content-Type": {"application/octet-stream"},
		})
		if err != nil {
			t.Fatal(err)
		}
		_, _ = part.Write([]byte(f.data)) // into memory
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return r.do(t, http.MethodPost, path, out.String(), append(header, "Content-Type", w.FormDataContentType())...)
}

func (r *rig) photos(t *testing.T, booking string) []presage.JobPhoto {
	t.Helper()
	return decode[list[presage.JobPhoto]](t, r.get(t, "/v1/bookings/"+booking+"/photos")).Items
}

// Photos are added beside a result that is half typed, and nothing of it is lost.
func TestPhotosKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	_, id := atWork(t, r)
	typed := url.Values{"odometer": {"99000"}, "note": {"left pad <b>at</b> the limit"}, "who": {"Li Na"}, "for_customer": {"1"}}
	a := r.upload(t, "/job/"+id+"/photos?lang=en", typed, []picked{
		{"pad.jpg", snapshot(t, 40, 30, 10)}, {`C:\x\note<.txt`, "hello"}, {"disc.jpg", snapshot(t, 40, 30, 200)},
	})
	want(t, a, http.StatusUnprocessableEntity)
	for _, text := range []string{
		`value="99000"`, "left pad &lt;b&gt;at", "note&lt;.txt: ", "no JPEG, PNG or WebP picture", "1 picture was not kept", "All others are kept",
	} {
		if !strings.Contains(a.body, text) {
			t.Errorf("the card lacks %q", text)
		}
	}
	photos := r.photos(t, id)
	if len(photos) != 2 || photos[0].AddedBy != "Li Na" || !photos[0].ForCustomer || photos[0].Width != 40 {
		t.Fatalf("kept %+v", photos)
	}
	again := r.upload(t, "/job/"+id+"/photos?lang=zh", typed, []picked{{"pad.jpg", snapshot(t, 40, 30, 10)}})
	want(t, again, http.StatusOK)
	if len(r.photos(t, id)) != 2 || !strings.Contains(again.body, "照片已保存") || !strings.Contains(again.body, `value="99000"`) {
		t.Error("the same picture is another photo, or what was typed is lost")
	}
	none := r.upload(t, "/job/"+id+"/photos?lang=en", typed, nil)
	want(t, none, http.StatusUnprocessableEntity)
	if !strings.Contains(none.body, "choose a picture first") {
		t.Error("nothing says that no picture was chosen")
	}
	for _, step := range []string{"/hide", "/show", "/remove", "/remove"} {
		b := r.upload(t, "/job/"+id+"/photos/"+photos[1].ID+step, typed, nil)
		want(t, b, http.StatusOK)
		if !strings.Contains(b.body, `value="99000"`) {
			t.Errorf("%s loses what was typed", step)
		}
	}
	if left := r.photos(t, id); len(left) != 1 || left[0].ID != photos[0].ID {
		t.Errorf("left %+v", left)
	}
}

// A result comes with its photos; one that is refused keeps them all the same.
func TestResultWithPhotos(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	c, id := atWork(t, r)
	want(t, r.upload(t, "/job/"+id+"/result", url.Values{"who": {"Li Na"}}, []picked{{"a.jpg", snapshot(t, 8, 8, 1)}}),
		http.StatusUnprocessableEntity)
	a := r.upload(t, "/job/"+id+"/result?lang=en", filled(c.Components), []picked{{"b.jpg", snapshot(t, 8, 8, 99)}, {"empty.jpg", ""}})
	want(t, a, http.StatusUnprocessableEntity)
	if len(r.world.Results) != 1 || len(r.photos(t, id)) != 2 || !strings.Contains(a.body, "empty.jpg: The file is empty") {
		t.Errorf("%d results, %d photos", len(r.world.Results), len(r.photos(t, id)))
	}
	done := r.upload(t, "/job/"+id+"/photos", url.Values{"who": {"Li Na"}}, []picked{{"c.jpg", snapshot(t, 8, 8, 180)}})
	want(t, done, http.StatusSeeOther)
	if page := r.get(t, "/cases/"+c.ID).body; strings.Count(page, "?size=small") != 3 {
		t.Error("the page of the case does not show three photos")
	}
}

// Who may not see the job sees no photo of it; a customer sees those that are for them.
func TestWhoSeesPhotos(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	form := confirmation(t, r.get(t, links(r.get(t, "/b/tok-0").body, "slot=")[0]).body)
	booked := r.follow(t, r.form(t, "/b/tok-0/book", form))
	id := regexp.MustCompile(`/cancel".*?name="visit" value="([^"]+)"`).FindStringSubmatch(booked)[1]
	want(t, r.form(t, "/job/"+id+"/stage", url.Values{"stage": {"in_work"}, "who": {"Li Na"}}), http.StatusSeeOther)
	jpegType := []string{"Content-Type", "image/jpeg"}
	at := "/v1/bookings/" + id + "/photos"
	want(t, r.do(t, http.MethodPost, at+"?who=Li+Na&for_customer=true", snapshot(t, 9, 7, 5), jpegType...), http.StatusCreated)
	want(t, r.do(t, http.MethodPost, at, snapshot(t, 9, 7, 250), jpegType...), http.StatusCreated)
	kept := r.photos(t, id)
	shown, inside := kept[0], kept[1]

	a := r.get(t, "/job/"+id+"/photos/"+shown.ID)
	want(t, a, http.StatusOK)
	for header, value := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=600",
	} {
		if got := a.Header.Get(header); got != value {
			t.Errorf("%s: %q, want %q", header, got, value)
		}
	}
	if strings.Contains(a.body, "GPS") || !strings.Contains(a.Header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Error("the place is still in the picture, or it may run scripts")
	}
	page := r.get(t, "/b/tok-0?lang=en").body
	if n := len(regexp.MustCompile(`<img src="/b/[^"]+\?size=small"`).FindAllString(page, -1)); n != 1 {
		t.Errorf("the customer sees %d photos, want 1", n)
	}
	outside := &rig{Server: r.Server, world: r.world, log: r.log, http: &http.Client{}}
	want(t, outside.get(t, "/b/tok-0/photos/"+shown.ID), http.StatusOK)
	want(t, outside.get(t, "/b/tok-0/photos/"+inside.ID), http.StatusNotFound)
	want(t, outside.get(t, "/job/"+id+"/photos/"+shown.ID), http.StatusUnauthorized)
	want(t, outside.get(t, at), http.StatusUnauthorized)

	technician := hire(t, r, "li", `{"name":"Li Na","roles":["technician"],"workshops":["w-2"],"lang":"zh"}`)
	planner := hire(t, r, "wu", `{"name":"Wu Fang","roles":["planner"],"workshops":["w-2"],"lang":"zh"}`)
	want(t, r.get(t, at, "Authorization", "Bearer "+technician), http.StatusOK)
	want(t, r.get(t, at+"/"+shown.ID+"?size=small", "Authorization", "Bearer "+technician), http.StatusOK)
	want(t, r.get(t, at, "Authorization", "Bearer "+planner), http.StatusForbidden)
	want(t, r.get(t, "/job/"+id+"/photos/"+shown.ID, "Authorization", "Bearer "+planner), http.StatusForbidden)

	hide := r.do(t, http.MethodPut, at+"/"+shown.ID, `{"for_customer":false}`, "Content-Type", "application/json")
	want(t, hide, http.StatusOK)
	want(t, outside.get(t, "/b/tok-0/photos/"+shown.ID), http.StatusNotFound)
	want(t, r.do(t, http.MethodDelete, at+"/"+shown.ID, "", "Authorization", "Bearer "+technician), http.StatusNoContent)
	want(t, r.do(t, http.MethodDelete, at+"/"+shown.ID, ""), http.StatusNotFound)
	r.world.AgePhotos(id, presage.UndoWithin+time.Second)
	want(t, r.do(t, http.MethodDelete, at+"/"+inside.ID, "", "Authorization", "Bearer "+technician), http.StatusForbidden)
	want(t, r.do(t, http.MethodDelete, at+"/"+inside.ID, ""), http.StatusNoContent)
}

// A picture that is none is told with where, what and how to mend it.
func TestPhotoFaultsByAPI(t *testing.T) {
	t.Parallel()
	r := start(t, nil)
	_, id := atWork(t, r)
	at := "/v1/bookings/" + id + "/photos"
	a := r.do(t, http.MethodPost, at, "<svg onload=alert(1)>", "Content-Type", "image/png")
	want(t, a, http.StatusUnprocessableEntity)
	if !strings.Contains(a.body, "This is no JPEG, PNG or WebP picture") || !strings.Contains(a.body, `"location":"body"`) {
		t.Error(a.body)
	}
	want(t, r.do(t, http.MethodPost, at, strings.Repeat("x", presage.MostPhotoBytes+1), "Content-Type", "image/jpeg"),
		http.StatusRequestEntityTooLarge)
	want(t, r.do(t, http.MethodPost, "/v1/bookings/none/photos", snapshot(t, 4, 4, 1), "Content-Type", "image/jpeg"), http.StatusNotFound)
	for shade := range byte(presage.MostPhotos) {
		want(t, r.do(t, http.MethodPost, at, snapshot(t, 4, 4, shade*16), "Content-Type", "image/jpeg"), http.StatusCreated)
	}
	full := r.do(t, http.MethodPost, at, snapshot(t, 4, 4, 250), "Content-Type", "image/jpeg")
	want(t, full, http.StatusUnprocessableEntity)
	if !strings.Contains(full.body, "At most 12 photos a visit") {
		t.Error(full.body)
	}
}
