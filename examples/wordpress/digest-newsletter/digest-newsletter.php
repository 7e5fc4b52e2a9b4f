<?php
/**
 * Plugin Name:       Digest newsletter form
 * Description:       The form to subscribe to a newsletter that Digest sends, as the shortcode [digest_newsletter] and as a block. No script, no cookie, nothing is stored in WordPress.
 * Version:           1.0.0
 * Requires at least: 5.8
 * Requires PHP:      7.4
 * License:           MIT
 * Text Domain:       digest-newsletter
 *
 * The form posts from the reader's browser to the readers' pages (`digest serve`). WordPress asks
 * them once an hour which editions and sections there are.
 */

defined( 'ABSPATH' ) || exit;

const DIGEST_NEWSLETTER_URL    = 'digest_newsletter_url';
const DIGEST_NEWSLETTER_STYLE  = 'digest-newsletter';
const DIGEST_NEWSLETTER_DESK   = 'digest_newsletter_desk';
const DIGEST_NEWSLETTER_CACHE  = 'digest_newsletter_editions';
const DIGEST_NEWSLETTER_OFFERS = HOUR_IN_SECONDS;
const DIGEST_NEWSLETTER_FAULT  = MINUTE_IN_SECONDS;

add_action( 'init', 'digest_newsletter_init' );
add_action( 'admin_init', 'digest_newsletter_settings' );
add_action( 'admin_bar_menu', 'digest_newsletter_bar', 80 );

/** Make the shortcode and the block known; both print the same form. */
function digest_newsletter_init() {
	wp_register_style( DIGEST_NEWSLETTER_STYLE, plugins_url( 'style.css', __FILE__ ), array(), '1.0.0' );
	add_shortcode( 'digest_newsletter', 'digest_newsletter_form' );
	register_block_type( __DIR__, array( 'render_callback' => 'digest_newsletter_form' ) );
}

/** Two settings: the addresses of the readers' pages and of the editors' desk, as in digest.toml. */
function digest_newsletter_settings() {
	$settings = array(
		DIGEST_NEWSLETTER_URL  => array( __( 'Digest: address of the readers’ pages', 'digest-newsletter' ), 'digest_newsletter_field' ),
		DIGEST_NEWSLETTER_DESK => array( __( 'Digest: address of the editors’ desk', 'digest-newsletter' ), 'digest_newsletter_desk_field' ),
	);
	foreach ( $settings as $name => $shown ) {
		register_setting(
			'reading',
			$name,
			array(
				'type'              => 'string',
				'sanitize_callback' => 'digest_newsletter_clean_url',
				'default'           => '',
			)
		);
		add_settings_field( $name, esc_html( $shown[0] ), $shown[1], 'reading' );
	}
}

/** A link to the desk in the admin bar, for those who may edit others' posts. It has its own sign-in. */
function digest_newsletter_bar( $bar ) {
	$desk = get_option( DIGEST_NEWSLETTER_DESK, '' );
	if ( '' === $desk || ! current_user_can( 'edit_others_posts' ) ) {
		return;
	}
	$bar->add_node(
		array(
			'id'    => 'digest-newsletter-desk',
			'title' => esc_html__( 'Newsletter', 'digest-newsletter' ),
			'href'  => esc_url( $desk ),
			'meta'  => array(
				'target' => '_blank',
				'rel'    => 'noopener noreferrer',
			),
		)
	);
}

/** Show the desk's setting under Settings → Reading. */
function digest_newsletter_desk_field() {
	printf(
		'<input type="url" class="regular-text" name="%1$s" value="%2$s" placeholder="https://desk.news.example">',
		esc_attr( DIGEST_NEWSLETTER_DESK ),
		esc_attr( get_option( DIGEST_NEWSLETTER_DESK, '' ) )
	);
	echo '<p class="description">' . esc_html__( 'The url of [desk] in digest.toml. A link stands in the admin bar of those who may edit others’ posts.', 'digest-newsletter' ) . '</p>';
}

/** Show the setting under Settings → Reading. */
function digest_newsletter_field() {
	printf(
		'<input type="url" class="regular-text" name="%1$s" value="%2$s" placeholder="https://digest.news.example">',
		esc_attr( DIGEST_NEWSLETTER_URL ),
		esc_attr( get_option( DIGEST_NEWSLETTER_URL, '' ) )
	);
	echo '<p class="description">' . esc_html__( 'The public_url of digest.toml. Put the form anywhere with [digest_newsletter].', 'digest-newsletter' ) . '</p>';
}


/** Keep an http(s) address without the slash at its end; ask anew what there is. */
function digest_newsletter_clean_url( $url ) {
	delete_transient( DIGEST_NEWSLETTER_CACHE );
	return untrailingslashit( esc_url_raw( trim( (string) $url ), array( 'http', 'https' ) ) );
}

/** Return the editions with their sections; an empty list while the pages do not answer. */
function digest_newsletter_editions( $base ) {
	$known = get_transient( DIGEST_NEWSLETTER_CACHE );
	if ( is_array( $known ) ) {
		return $known;
	}
	$answer   = wp_remote_get( $base . '/api/editions', array( 'timeout' => 5 ) );
	$said     = is_wp_error( $answer ) ? null : json_decode( wp_remote_retrieve_body( $answer ), true );
	$editions = is_array( $said ) && isset( $said['editions'] ) && is_array( $said['editions'] ) ? $said['editions'] : array();
	set_transient( DIGEST_NEWSLETTER_CACHE, $editions, $editions ? DIGEST_NEWSLETTER_OFFERS : DIGEST_NEWSLETTER_FAULT );
	return $editions;
}

/**
 * Return the form. [digest_newsletter edition="daily"] offers one edition, without it all of them;
 * language="de" chooses the language of the pages and mails that follow.
 */
function digest_newsletter_form( $attributes ) {
	$base = get_option( DIGEST_NEWSLETTER_URL, '' );
	if ( ! $base ) {
		return current_user_can( 'manage_options' )
			? '<p>' . esc_html__( 'Digest: set the address of the readers’ pages under Settings → Reading.', 'digest-newsletter' ) . '</p>'
			: '';
	}
	$wanted   = shortcode_atts( array( 'edition' => '', 'language' => '' ), is_array( $attributes ) ? $attributes : array(), 'digest_newsletter' );
	$editions = array_values(
		array_filter(
			digest_newsletter_editions( $base ),
			function ( $edition ) use ( $wanted ) {
				return '' === $wanted['edition'] || $edition['id'] === $wanted['edition'];
			}
		)
	);
	if ( ! $editions ) {
		return '<p><a href="' . esc_url( $base . '/subscribe' ) . '">' . esc_html__( 'Subscribe to the newsletter', 'digest-newsletter' ) . '</a></p>';
	}
	return digest_newsletter_markup( $base, $editions, $wanted['language'] );
}

/** Write the form; the readers' pages answer it. */
function digest_newsletter_markup( $base, $editions, $language ) {
	static $number = 0;
	wp_enqueue_style( DIGEST_NEWSLETTER_STYLE );
	$id      = 'digest-newsletter-' . ( ++$number );
	$several = count( $editions ) > 1;
	$out     = '<form class="digest-newsletter" method="post" action="' . esc_url( $base . '/subscribe' ) . '">';
	$out    .= '<input type="hidden" name="locale" value="' . esc_attr( $language ) . '">';
	$out    .= '<p class="digest-newsletter-field"><label for="' . esc_attr( $id ) . '">' . esc_html__( 'Your e-mail address', 'digest-newsletter' ) . '</label>';
	$out    .= '<input id="' . esc_attr( $id ) . '" name="email" type="email" autocomplete="email" required></p>';
	// Off the page for people and readers of screens; programs fill it in.
	$out .= '<p style="position:absolute;left:-9999px" aria-hidden="true"><input name="website" tabindex="-1" autocomplete="off"></p>';
	foreach ( $editions as $place => $edition ) {
		$out .= '<fieldset><legend>';
		$out .= $several
			? '<label><input type="checkbox" name="edition" value="' . esc_attr( $edition['id'] ) . '"' . ( 0 === $place ? ' checked' : '' ) . '> ' . esc_html( $edition['title'] ) . '</label>'
			: '<input type="hidden" name="edition" value="' . esc_attr( $edition['id'] ) . '">' . esc_html( $edition['title'] );
		$out .= '</legend><div class="digest-newsletter-sections">';
		foreach ( $edition['sections'] as $section ) {
			$out .= '<label><input type="checkbox" name="section" value="' . esc_attr( $edition['id'] . '.' . $section['id'] ) . '" checked> ' . esc_html( $section['title'] ) . '</label> ';
		}
		$out .= '</div></fieldset>';
	}
	$out .= '<p><button type="submit" class="wp-element-button">' . esc_html__( 'Subscribe', 'digest-newsletter' ) . '</button></p></form>';
	return $out;
}
