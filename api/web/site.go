package web

import (
	"errors"
	"html/template"
	"net/http"
	"time"

	"github.com/gin-gonic/gin"
	"golang.org/x/text/language"

	"presage"
	"presage/api/access"
	"presage/api/explain"
	"presage/api/web/assets"
	"presage/internal/wording"
)

// maxForm bounds a posted form.
const maxForm = 64 << 10

// Config of the pages.
type Config struct {
	SecureCookies bool           // the public address is https
	Zone          *time.Location // of times in the console; nil for UTC
}

// Site renders the pages. But for its cache it does not change after New.
type Site struct {
	Deps
	conf      Config
	guard     *access.Guard
	assets    *assets.Set
	wording   *wording.Book
	templates map[presage.Lang]*template.Template
	speakers  map[presage.Lang]speaker
	reasons   *explain.Maker // why a plan says what it says
	went      wentCache
}

// New parses templates and wording; an error is a programmer's mistake in them.
func New(c Config, d Deps, g *access.Guard) (*Site, error) {
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	s := &Site{
		Deps: d, conf: c, guard: g,
		templates: map[presage.Lang]*template.Template{}, speakers: map[presage.Lang]speaker{},
	}
	var err error
	if s.assets, err = assets.Load(); err != nil {
		return nil, err
	}
	if s.wording, err = wording.Open(); err != nil {
		return nil, err
	}
	s.reasons = explain.New(s.wording)
	for lang, tag := range map[presage.Lang]language.Tag{
		presage.Chinese: language.SimplifiedChinese, presage.English: language.English,
	} {
		if s.templates[lang], s.speakers[lang], err = s.parse(lang, tag); err != nil {
			return nil, err
		}
	}
	s.reasons.Money = s.speakers[presage.English].money // as on the pages beside it
	return s, nil
}

// Mount adds the pages to r.
func (s *Site) Mount(r gin.IRouter) {
	r.GET("/static/*file", func(c *gin.Context) { s.assets.ServeFile(c.Writer, c.Request, c.Param("file")) })
	r.GET("/docs", s.public(docs))
	r.GET("/login", s.public(loginPage))
	r.POST("/login", s.public(login))
	r.GET("/login/:token", s.public(loginLink))
	r.POST("/logout", s.public(logout))

	r.GET("/", s.console(fleet))
	r.GET("/vehicles", s.console(vehicles))
	r.GET("/vehicles/:vin", s.console(vehicle))
	r.GET("/customers/:id", s.console(customer))
	r.POST("/customers/:id/preferred", s.console(putPreferred))
	r.GET("/cases", s.console(cases))
	r.GET("/cases/:id", s.console(oneCase))
	r.POST("/cases/:id/book", s.console(bookCase))
	r.POST("/cases/:id/actions", s.console(actOnCase))
	r.POST("/cases/:id/read", s.console(readCase))
	r.GET(boardPath, s.console(workshop))
	r.POST(boardPath+"/move", s.console(moveOnBoard))
	r.POST(boardPath+"/block", s.console(blockOnBoard))
	r.POST(boardPath+"/unblock", s.console(unblockOnBoard))
	r.POST(boardPath+"/sick", s.console(sickOnBoard))
	r.POST(boardPath+"/walk-in", s.console(walkIn))
	r.POST(boardPath+"/wait", s.console(waitOnBoard))
	r.POST(boardPath+"/wait-no-more", s.console(waitNoMore))
	r.POST("/bookings/:id/arrive", s.console(arrive))
	r.POST("/bookings/:id/cancel", s.console(cancelBooking))
	s.mountJobs(r)
	s.mountPhotos(r)
	r.GET("/parts", s.console(parts))
	s.table(r, "/parts/forecast", partsCSV)
	r.GET("/parts/:number", s.console(part))
	r.POST("/parts/:number/overrides", s.console(putOverride))
	r.POST("/parts/:number/overrides/:id/withdraw", s.console(withdrawOverride))
	s.mountOrders(r)
	s.mountDesk(r)
	s.mountDealer(r)
	r.GET("/data", s.console(data))
	r.POST("/data/redrive", s.console(redrive))

	s.mountCustomers(r)
}

// mountCustomers adds the pages that customers see.
func (s *Site) mountCustomers(r gin.IRouter) {
	r.GET("/b/:token", s.customer(offer))
	r.GET("/b/:token/calendar.ics", s.customer(calendar))
	r.POST("/b/:token/book", s.customer(book))
	r.POST("/b/:token/cancel", s.customer(cancelOffer))
	r.POST("/b/:token/decline", s.customer(decline))
	r.POST("/b/:token/stop", s.customer(stop))
	r.POST("/b/:token/earlier", s.customer(askEarlier))
	r.POST("/b/:token/broken", s.customer(reportBroken))
	r.GET("/r/:token", s.customer(rescuePage))
	r.POST("/r/:token/off", s.customer(callOffRescue))
	r.GET("/u/:token", s.customer(unsubscribePage))
	r.POST("/u/:token", s.customer(unsubscribe))
	r.POST("/b/:token/agree", s.customer(agree))
	r.POST("/b/:token/survey", s.customer(answerSurvey))
	r.GET("/b/:token/photos/:photo", s.customer(offerPhoto))
	r.GET("/b/:token/days.json", s.customer(offerDays))
	r.GET("/b/:token/times.json", s.customer(offerTimes))
}

// NotFound is the page for an address that nothing serves.
func (s *Site) NotFound(c *gin.Context) {
	s.begin(c, "").fail(presage.ErrNotFound, "error")
}

func (s *Site) begin(c *gin.Context, fallback presage.Lang) *request {
	c.Request.Body = http.MaxBytesReader(c.Writer, c.Request.Body, formBound(c.Request, c.FullPath()))
	lang := s.chooseLang(c.Writer, c.Request, fallback)
	return &request{Context: c, site: s, speaker: s.speakers[lang]}
}

// public pages need no access.
func (s *Site) public(h func(*request) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		r := s.begin(c, "")
		if err := h(r); err != nil {
			r.fail(err, "error")
		}
	}
}

// console pages need somebody who is logged in, or the key. Who is not gets the
// login page in the page's place, and the page after that.
func (s *Site) console(h func(*request) error) gin.HandlerFunc {
	return s.public(func(r *request) error {
		err := s.guard.Check(r.Request)
		_, noRight := errors.AsType[access.NoRightError](err)
		switch {
		case errors.Is(err, presage.ErrForbidden) && !noRight && r.Request.Method == http.MethodGet:
			return r.askLogin(http.StatusUnauthorized, localPath(r.Request.URL.RequestURI()))
		case err != nil:
			return err
		}
		if err := r.sign(); err != nil {
			return err
		}
		return h(r)
	})
}

// customer pages are open to whoever holds the signed token; their errors
// never repeat what a stage said.
func (s *Site) customer(h func(*request) error) gin.HandlerFunc {
	return func(c *gin.Context) {
		r := s.begin(c, "")
		c.Header("X-Robots-Tag", "noindex")
		if err := h(r); err != nil {
			r.fail(err, "offer-error")
		}
	}
}

// mountDesk adds what advisers work with.
func (s *Site) mountDesk(r gin.IRouter) {
	r.GET("/outbox", s.console(outbox))
	r.GET("/outreach/templates", s.console(texts))
	r.POST("/outreach/templates", s.console(reloadTexts))
	r.GET(policyPath, s.console(policyPage))
	r.POST(policyPath, s.console(putPolicy))
	r.POST(policyPath+"/back", s.console(putPolicyBack))
	r.GET(articlesPath, s.console(articlesPage))
	r.GET(advisersPath, s.console(advisersPage))
	r.POST(advisersPath, s.console(putAdviser))
	r.POST(advisersPath+"/:id/remove", s.console(removeAdviser))
	r.GET(minePath, s.console(minePage))
	r.GET(accountsPath, s.console(accountsPage))
	r.POST(accountsPath, s.console(putAccount))
	r.POST(accountsPath+"/:id/state", s.console(stateOfAccount))
	r.POST(accountsPath+"/:id/key", s.console(keyOfAccount))
	r.POST(accountsPath+"/:id/link", s.console(linkOfAccount))
	r.GET(recallsPath, s.console(recallsPage))
	r.GET(rolloutsPath, s.console(rolloutsPage))
	r.POST(rolloutsPath+"/:id/state", s.console(steerRollout))
	r.GET(rescuesPath, s.console(rescuesPage))
	r.POST(rescuesPath+"/:id/step", s.console(stepRescue))
	r.POST("/cases/:id/rescue", s.console(orderRescue))
	r.GET(stagesPath, s.console(stagesPage))
	r.GET(talksPath, s.console(conversations))
	r.GET(talksPath+"/:customer", s.console(thread))
	r.POST(talksPath+"/:customer/messages", s.console(say))
	r.POST(talksPath+"/:customer/actions", s.console(actOnTalk))
	r.POST(talksPath+"/:customer/read", s.console(readTalk))
}
