"""The canonical tables (the schema and its data dictionary): every export becomes one, whatever platform it came from.

Each table is declared once, here. Readers cast to these kinds in SQL while reading; `conform` holds
pandas frames to them. Missing values stay missing: `NaN`, `NaT` or `<NA>`, never 0.
"""

from __future__ import annotations

from creatorbook.tables.kinds import CanonicalTable, table

#: the reason of a refund that no refund file tells, only the order's own total of what went back
TOLD_BY_ORDER = "told by the order file only"

TABLES: dict[str, CanonicalTable] = {
    one.name: one
    for one in [
        table(
            "creators",
            "one handle of one creator on one platform, as the brand or agency lists it",
            "handle platform followers",
            None,
            """
            creator text the person; price, code and decision belong to the person
            handle text the account, without @, lower case
            platform text instagram, tiktok, youtube, pinterest, facebook …
            followers whole followers (subscribers) of the account
            fee money agreed or asked fee per creator, excl. VAT
            commission_rate rate share of the sales that stay, 0 to 1
            gift_cost money what the gift costs the brand, with its shipping
            gift_retail money retail value of the gift
            hours number own hours spent on this creator
            code text discount code given to the creator
            link text tracked link given to the creator
            niche text what the account publishes about
            place text town, region or country of the creator
            country text ISO 3166 two-letter code
            language text ISO 639 code of the posts
            benefit text fee, gift, loan, discount, commission, experience, prize, employment, own brand …
            status text where they stand, as written; `packs/states.yml` has the words and what they mean
            deliverables text what was agreed: "2 reels, 3 stories"
            formats text formats agreed, as packs/formats names them
            posted_on date day the first agreed post went live
            post_url text permalink of that post
            typical_likes number likes of a typical post, typed by hand
            typical_comments number comments of a typical post, typed by hand
            typical_views number views of a typical post, typed by hand
            source text where the creator was found
            biography text profile text
            """,
        ),
        table(
            "posts",
            "one post, video or Story; figures are lifetime totals as of the export's day",
            "post_id published_at",
            "published_at",
            """
            post_id text id at the platform
            handle text account that published it, without @, lower case
            platform text instagram, tiktok, youtube …
            published_at moment local time of the export
            format text image, carousel, reel, story, short, video, live
            caption text caption or title
            permalink text public address of the post
            sponsored flag paid or gifted, as the file says
            label text label field or toggle, as the file says
            campaign text campaign the post belongs to, where the file says so
            views number plays or views
            reach number accounts reached; never added up over posts
            likes number likes
            comments number comments
            saves number saves or favourites
            shares number shares
            follows number follows gained from the post
            link_clicks number taps on a link
            duration_seconds number length of a video
            average_watch_seconds number mean watch time
            whose text whose file it is: creator, brand, agency tool, hand tally
            exported_on date day of the export, where known
            """,
        ),
        table(
            "comments",
            "one comment under a creator's post; the commenter is a keyed hash, never a name",
            "post_id text",
            "commented_at",
            """
            post_id text id of the post
            handle text account whose post it is
            platform text platform of the post
            commenter text keyed hash of the commenter's handle
            commented_at moment local time
            text text the comment
            by_creator flag the creator's own answer
            likes number likes of the comment
            """,
        ),
        table(
            "follower_history",
            "followers of one account on one day",
            "date followers",
            "date",
            """
            handle text account
            platform text platform
            date date day
            followers number followers at the end of the day
            following number accounts followed
            views number views of all posts on that day
            """,
        ),
        table(
            "audience",
            "share of one segment in one account's audience",
            "handle dimension segment share",
            None,
            """
            handle text account
            platform text platform
            dimension text country, city, age, gender, language
            segment text DE, 25-34, female …
            share rate 0 to 1
            seen_on date day of the screenshot or export
            source text whose figure it is, where it is not the platform's: the vendor's name
            """,
        ),
        table(
            "tallies",
            "one count by hand of the comments under one account's posts",
            "handle looked_at",
            "counted_on",
            """
            handle text account
            platform text platform
            counted_on date day of the count
            looked_at number comments looked at
            specific number of these, comments that say something about the post
            replies_looked_at number comments looked at for answers (3 posts × 10)
            answered number of these, comments the creator answered
            by text who counted
            """,
        ),
        table(
            "feedback",
            "one count by hand of what comments are about; each comment counts once",
            "counted",
            "counted_on",
            """
            handle text account under whose posts; empty for several
            platform text platform
            campaign text campaign under whose posts; empty for the account's usual posts
            counted_on date day of the count
            counted number comments counted
            praise number of these, praise
            size number of these, questions or worries about size or fit
            price number of these, questions or worries about the price
            where_to_buy number of these, questions where to buy it
            complaint number of these, complaints
            other number of these, about anything else
            by text who counted
            """,
        ),
        table(
            "profiles",
            "one profile drawn from an account's audience; counts only, never a name",
            "handle",
            "drawn_on",
            """
            handle text account whose audience it is
            platform text platform
            drawn_on date day of the sample
            drawn_from text followers, commenters, likers …
            followers number followers of the profile
            followings number accounts the profile follows
            posts number posts of the profile
            biography_words number words in the profile text
            name_words number words in the displayed name
            digits number part of the account name that is digits, 0 to 1
            picture flag whether there is a profile picture
            link flag whether the profile has a link
            age_days number days since the account was made
            suspicious flag what a person said who looked at it
            """,
        ),
        table(
            "reviews",
            "one person's view of one account, on anchored scales of 1 to 5",
            "handle reviewer",
            "reviewed_on",
            """
            handle text account
            platform text platform
            reviewer text who looked
            reviewed_on date when
            style number style, 1 to 5
            values number values, 1 to 5
            authenticity number own voice, in paid posts too, 1 to 5
            own_words text in the reviewer's own words
            """,
        ),
        table(
            "orders",
            "one order of the brand's shop",
            "order_id ordered_at total",
            "ordered_at",
            """
            order_id text order name or number
            ordered_at moment local time of the shop
            currency text ISO 4217; the client's own unless no rate is on file
            gross money basket value before discount, as the shop shows it (see taxes_included)
            discount money discount given on the order
            shipping money shipping paid by the buyer
            tax money VAT or sales tax contained in or added to the total
            total money what the buyer paid
            refunded money refunded so far
            discount_code text code used, upper case
            cancelled_at moment when it was cancelled
            test flag test order
            customer text keyed hash of the customer's e-mail
            country text ISO 3166 two-letter code of the shipping address
            region text province or state
            postcode_area text first characters of the postcode
            utm_source text from the order's note attributes, where an app writes them
            utm_medium text likewise
            utm_campaign text likewise
            utm_content text likewise
            referrer text landing or referring site, where the file has it
            channel text web, pos, marketplace …
            order_state text not yet, no sale, refunded, partly refunded (nobody says how much) or unknown, where the file says so; empty: a sale
            taxes_included flag whether the order's prices contain its tax, as its own sums show; empty: as client.yml says
            exchange flag sent in exchange for goods of another order
            exchange_of text the number of that order, where the file names it
            """,
        ),
        table(
            "order_lines",
            "one product line of one order",
            "order_id quantity",
            None,
            """
            order_id text order name or number
            sku text stock keeping unit
            product text product name
            quantity number units
            price money price of one unit, as the shop shows it
            discount money discount on the line
            gift_card flag a gift card sold, no goods
            """,
        ),
        table(
            "refunds",
            "one refund of one order, with its date",
            "order_id refunded_at amount",
            "refunded_at",
            """
            order_id text order name or number
            refunded_at moment when the money went back
            amount money amount refunded
            reason text reason given
            """,
        ),
        table(
            "discounts",
            "one discount code as the shop holds it",
            "code",
            None,
            """
            code text the code, upper case
            value_kind text percentage or fixed_amount
            value number percent or amount, positive
            used number times used in total
            usage_limit number limit over all customers
            once_per_customer flag limited to one use per customer
            status text active, expired, scheduled
            starts_at moment first moment
            ends_at moment last moment
            """,
        ),
        table(
            "products",
            "one variant the shop sells",
            "sku",
            None,
            """
            sku text stock keeping unit
            product text product name
            price money selling price as the shop shows it
            cost money cost of goods per unit
            """,
        ),
        table(
            "sessions",
            "website sessions of one source, campaign or link",
            "sessions",
            "date",
            """
            date date day, where the file has it
            starts_on date first day of the file's range
            ends_on date last day of the file's range
            channel text default channel group
            source text session source
            medium text session medium
            campaign text session campaign (utm_campaign)
            content text session manual ad content (utm_content)
            sessions number sessions
            engaged_sessions number engaged sessions
            users number active users
            key_events number key events (formerly conversions)
            revenue money revenue the analytics tool counts
            """,
        ),
        table(
            "clicks",
            "clicks on one creator's link on one day",
            "clicks",
            "date",
            """
            date date day
            handle text creator the link belongs to
            link text the link
            clicks number clicks
            order_id text order made from this click, where a click log has it
            """,
        ),
        table(
            "journeys",
            "one touch on one visitor's way to an order, or to none; the visitor is a keyed hash",
            "journey channel",
            "touched_at",
            """
            journey text keyed hash of the visitor, or of whatever else joins the touches
            touched_at moment when
            channel text creator, link, campaign or source that was touched; a line with an order and none is the order alone
            converted flag whether an order followed; on its last touch or on all
            order_id text the order that followed
            value money what the order was worth
            """,
        ),
        table(
            "costs",
            "one cost of the campaign",
            "kind amount",
            "date",
            """
            creator text the person or handle it is for; empty for the whole campaign
            kind text fee, commission, gift, shipping, usage rights, exclusivity, ads, agency, tools, levy, hours
            amount money excl. recoverable VAT
            currency text ISO 4217
            date date day it is booked under
            invoiced_on date day of the invoice
            paid_on date day it was paid; empty while it is not
            campaign text the campaign it is for, by its file's name or its title; empty counts for whichever is opened
            hours number own hours, for kind hours
            note text what for
            """,
        ),
        table(
            "survey",
            "one answer to “how did you hear about us?” after an order",
            "answer",
            "answered_at",
            """
            order_id text order it belongs to, where known
            answered_at moment when
            answer text the answer, as chosen or typed
            handle text creator named in it, where it could be matched
            """,
        ),
        table(
            "promotions",
            "one promotion of the shop that was not the creators'",
            "starts_on ends_on",
            "starts_on",
            """
            starts_on date first day
            ends_on date last day
            what text what was on offer
            """,
        ),
        table(
            "shop_creators",
            "one creator's line in a marketplace's affiliate sheet (TikTok Shop)",
            "handle",
            None,
            """
            handle text creator name in the marketplace
            sales money sales the marketplace attributes
            refunds money refunds on them
            orders number attributed orders
            items number items sold
            items_refunded number items refunded
            commission money estimated commission
            fees money what the marketplace takes for itself, where the sheet tells it
            samples number samples shipped
            """,
        ),
        table(
            "ads",
            "one ad on creator content, for one period",
            "spend",
            "starts_on",
            """
            starts_on date first day
            ends_on date last day
            campaign text campaign name
            ad text ad name
            ad_id text ad id
            handle text creator whose content it is, where it could be matched
            spend money amount spent
            impressions number impressions
            reach number accounts reached
            link_clicks number link clicks
            results number results as the ad account counts them
            """,
        ),
        table(
            "searches",
            "searches that led to the brand's site",
            "query clicks",
            "date",
            """
            date date day, where the file has it
            query text the search
            clicks number clicks
            impressions number times shown
            """,
        ),
        table(
            "account_days",
            "one account's totals on one day",
            "date",
            "date",
            """
            handle text account
            platform text platform
            date date day
            views number views
            profile_views number profile views
            likes number likes
            comments number comments
            shares number shares
            reach number accounts reached
            new_viewers number of these, accounts that had not watched in the year before
            returning_viewers number of these, accounts that had
            interactions number likes, comments, saves, shares and replies together
            follows number new follows
            link_clicks number taps on a link
            """,
        ),
        table(
            "rights",
            "what was agreed in writing with one creator: contract, exclusivity, what may be used where",
            "handle",
            None,
            """
            handle text creator
            platform text platform
            signed_on date day of the signed contract
            contract text where the contract is kept
            deliverables text what was agreed
            channels text where the content may be used: own posts, website, ads, e-mail …
            territory text countries
            starts_on date first day of use
            ends_on date last day of use
            paid_use flag whether the content may be used in ads
            paid_use_until date last day of use in ads, where it differs from the use as a whole
            exclusive_until date last day without work for competitors
            ad_code text code or id with which the platform lets the brand promote the post
            ad_code_expires_on date day that code ends
            post_url text the post it is about; empty for all posts of the creator
            fee money agreed fee, excl. VAT
            rights_fee money what the use costs on top, excl. VAT
            campaign text the campaign it was agreed for, by its file's name or its title; empty counts for whichever is opened, unless the use was over before
            note text anything else
            """,
        ),
        table(
            "briefs",
            "one brief sent to one creator",
            "handle sent_on",
            "sent_on",
            """
            handle text creator
            platform text platform
            sent_on date day it was sent
            version text which version
            draft_on date day the draft came
            approved_on date day the draft was approved
            note text what was changed
            """,
        ),
        table(
            "signups",
            "sign-ups of one source on one day",
            "date signups",
            "date",
            """
            date date day
            source text where they came from, as the mail tool says
            handle text creator, where the source is one
            signups number new sign-ups
            """,
        ),
        table(
            "store_sales",
            "sales of one region or store on one day or in one week",
            "date sales",
            "date",
            """
            date date day, or first day of the week
            store text store
            region text region or city
            country text two-letter code
            sales money sales
            orders number orders or receipts
            units number units sold
            """,
        ),
        table(
            "shop_videos",
            "one video's sales of one product in a marketplace (TikTok Shop)",
            "post_id sales",
            "published_at",
            """
            post_id text the video's id
            handle text creator name in the marketplace
            published_at moment when it was posted
            permalink text public address
            caption text title
            product text product name
            sales money sales the marketplace attributes
            orders number attributed orders
            items number items sold
            refunds money refunds on them
            items_refunded number items refunded
            commission money estimated commission
            views number video views
            likes number likes
            comments number comments
            shares number shares
            """,
        ),
        table(
            "affiliate_orders",
            "one order line that a marketplace or affiliate network attributes to a creator",
            "order_id handle",
            "ordered_at",
            """
            order_id text order number at the marketplace or network
            ordered_at moment when, where the file says
            handle text creator or publisher
            channel text content type, as video or live; or the network's name
            product text product
            sku text stock keeping unit
            amount money what the buyer paid, or the sale amount
            commission money commission: paid if known, else estimated
            status text pending, approved, reversed …
            order_state text not yet, no sale, refunded or unknown, where the file says so; empty: a sale
            discount_code text code that the network attributes it by, upper case
            network_fee money what the network takes for itself, beside the commission
            """,
        ),
    ]
}
